import Foundation

/// A file of one JSON object a line, each with a member `step` that never falls, which can be taken back to a step.
///
/// Every line is handed to the system when it is appended, so a killed process loses none of them, and reaches the disk
/// every few seconds. Used by one thread.
final class StepLines {
  /// Seconds between two waits for the disk.
  static let patience = 5.0

  private let path: String
  private let descriptor: Int32
  private var lastWait: ContinuousClock.Instant?
  /// The file's length in bytes.
  private(set) var length: Int

  /// Opens the file, which is made if there is none, and cuts off what is behind `step`, and what a kill or a loss of
  /// power left unfinished at the end. The cut is one change of the file's length: it is made or not. Where the `length`
  /// is known that the file had, what is behind it goes too, whatever its step.
  init(path: String, after step: Int, length known: Int? = nil) throws(MetricsError) {
    self.path = path
    descriptor = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw .ofSystem(errno, path: path) }
    do throws(MetricsError) {
      length = try Self.length(of: path, after: step, atMost: known ?? .max)
      guard ftruncate(descriptor, length) == 0, fsync(descriptor) == 0 else { throw .ofSystem(errno, path: path) }
    } catch {
      close(descriptor)
      throw error
    }
  }

  deinit {
    fsync(descriptor)
    close(descriptor)
  }

  /// Appends one or more lines, without their last line break.
  func append(_ text: String) throws(MetricsError) {
    let bytes = Array("\(text)\n".utf8)
    try appendAll(bytes, to: descriptor, path: path)
    length += bytes.count
    let now = ContinuousClock.now
    if let lastWait, lastWait.duration(to: now) < .seconds(Self.patience) { return }
    lastWait = now
    try synchronize()
  }

  /// Waits until all lines are on the disk.
  func synchronize() throws(MetricsError) {
    guard fsync(descriptor) == 0 else { throw .ofSystem(errno, path: path) }
  }

  /// The length of the file without the lines behind `step`, and without what follows the last line that can be read.
  private static func length(of path: String, after step: Int, atMost limit: Int) throws(MetricsError) -> Int {
    let data: Data
    do {
      data = try Data(contentsOf: URL(fileURLWithPath: path), options: .mappedIfSafe)
    } catch {
      throw .cannotRead(path: path, reason: "it is no plain file, or not ours to read")
    }
    return data.withUnsafeBytes { bytes in
      // From the end, as what has to go is there.
      var end = max(0, min(bytes.count, limit))
      while end > 0 {
        let start = bytes[..<(end - 1)].lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        let isWhole = bytes[end - 1] == UInt8(ascii: "\n")
        if isWhole, let found = Self.step(of: Data(bytes[start..<end])), found <= step { return end }
        end = start
      }
      return 0
    }
  }

  private struct Line: Decodable {
    let step: Int
  }

  private static func step(of line: Data) -> Int? {
    (try? JSONDecoder().decode(Line.self, from: line))?.step
  }
}
