import Dataset
import Evaluation
import Foundation
import Synchronization

/// The replies of a run that is under way: a file of lines, each put on the disk as it comes, from which a run that was
/// killed goes on. Locked while it is open.
final class AnswerLog: Sendable {
  /// A reply with its ask, or a judge's verdict on one, and how long it took since the line before.
  struct Line: Codable {
    var id: String
    var order: [Int]
    var seconds: Double
    var reply: Reply
    /// Of a judge; the reply then holds no more than what was paid for it.
    var verdict: AnswerLine.Verdict?
  }

  /// What was there.
  let earlier: [Line]
  private let path: String
  private let descriptor: Int32
  private let last: Mutex<ContinuousClock.Instant>

  /// Opens or makes the file of a result's folder. What was cut off in mid-line is taken away.
  init(folder: String) throws(JudgingError) {
    path = folder + "/answers.part.jsonl"
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw .writing(path, code: errno) }
    do throws(JudgingError) {
      guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK else { throw .locked(folder: folder) }
      let (lines, length) = Self.whole(FileManager.default.contents(atPath: path) ?? Data())
      guard ftruncate(descriptor, off_t(length)) == 0, lseek(descriptor, 0, SEEK_END) >= 0 else {
        throw .writing(path, code: errno)
      }
      earlier = lines
    } catch {
      close(descriptor)
      throw error
    }
    last = Mutex(ContinuousClock.now)
  }

  deinit { close(descriptor) }

  /// All replies that the file holds.
  func lines() -> [Line] { Self.whole(FileManager.default.contents(atPath: path) ?? Data()).lines }

  func append(_ ask: Ask, _ reply: Reply) throws {
    try append(Line(id: ask.item.id, order: ask.order.places, seconds: 0, reply: reply))
  }

  func append(_ verdict: AnswerLine.Verdict, on id: String, _ usage: Reply.Usage?) throws {
    try append(Line(id: id, order: [], seconds: 0, reply: Reply(output: nil, usage: usage), verdict: verdict))
  }

  private func append(_ line: Line) throws {
    try last.withLock { last in
      let now = ContinuousClock.now
      var line = line
      line.seconds = (now - last) / .seconds(1)
      last = now
      let bytes = [UInt8](try ResultJSON.data(line)) + [UInt8(ascii: "\n")]
      try LineFile.write(bytes, to: descriptor, path)
    }
  }

  /// The lines up to the first that is no reply, and where they end: a machine that stops may leave anything behind.
  private static func whole(_ data: Data) -> (lines: [Line], length: Int) {
    let decoder = JSONDecoder()
    var lines: [Line] = []
    var start = data.startIndex
    while let end = data[start...].firstIndex(of: UInt8(ascii: "\n")) {
      guard let line = try? decoder.decode(Line.self, from: data[start..<end]) else { break }
      lines.append(line)
      start = data.index(after: end)
    }
    return (lines, start - data.startIndex)
  }
}

extension JudgingError {
  /// The error that a code of the system tells of.
  static func writing(_ path: String, code: Int32) -> JudgingError {
    switch code {
    case ENOSPC, EDQUOT: .diskFull(path: path)
    case EACCES, EPERM, EROFS: .notWritten(path: path, reason: "no permission")
    default:
      .notWritten(path: path, reason: strerror(code).map { String(cString: $0).lowercased() } ?? "code \(code)")
    }
  }
}
