import Foundation
import Synchronization
import Transfer

/// A file for what is too long for memory. It has no name, so nothing is left of it when the process ends, however that
/// is.
final class SpoolFile: Sendable {
  private struct State {
    var size = 0
    var failure: StagesError?
  }

  private let folder: String
  private let descriptor: Int32
  private let state = Mutex(State())

  /// In `folder`, so on the disk that the user gave the run.
  init(in folder: String) throws(StagesError) {
    let path = folder + "/batch-\(UUID().uuidString).tmp"
    self.folder = folder
    descriptor = open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw LineFile.failure(path) }
    unlink(path)
  }

  deinit { close(descriptor) }

  /// Bytes in it.
  var size: Int { state.withLock { $0.size } }

  func append(_ bytes: [UInt8]) throws(StagesError) {
    let failure = bytes.withUnsafeBytes { add($0) }
    if let failure { throw failure }
  }

  /// Its bytes, to be sent; it lives as long as that does.
  var source: BodySource {
    BodySource(size: size) { [self] buffer, offset in read(into: buffer, at: offset) }
  }

  /// Whether it is empty or its last line is whole: a JSON object.
  var endsWhole: Bool {
    let size = size
    var tail = [UInt8](repeating: 0, count: min(size, 64))
    let count = tail.withUnsafeMutableBytes { read(into: $0, at: size - $0.count) }
    guard count == tail.count else { return false }
    return size == 0 || tail.last { $0 > UInt8(ascii: " ") } == UInt8(ascii: "}")
  }

  /// Takes the body of a good answer, in place of all that is in it.
  var sink: BodySink {
    BodySink(
      takes: { [self] head in
        guard (200..<300).contains(head.status) else { return false }
        state.withLock { $0 = State() }
        return ftruncate(descriptor, 0) == 0
      },
      receive: { [self] bytes in add(bytes) == nil })
  }

  /// What kept the sink from taking all.
  var failure: StagesError? { state.withLock { $0.failure } }

  /// Fills `buffer` with what begins at `offset`; returns how many bytes that were, less than none where it cannot be
  /// read.
  func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) -> Int {
    while true {
      let count = pread(descriptor, buffer.baseAddress, buffer.count, off_t(offset))
      if count < 0 && errno == EINTR { continue }
      return count
    }
  }

  var unreadable: StagesError { .cannotWrite(folder, reason: "what was put there cannot be read again") }

  private func add(_ bytes: UnsafeRawBufferPointer) -> StagesError? {
    state.withLock { state in
      var start = 0
      while start < bytes.count {
        let count = pwrite(
          descriptor, bytes.baseAddress?.advanced(by: start), bytes.count - start, off_t(state.size + start))
        if count < 0 && errno == EINTR { continue }
        guard count > 0 else {
          let failure = LineFile.failure(folder)
          state.failure = failure
          return failure
        }
        start += count
      }
      state.size += bytes.count
      return nil
    }
  }
}

/// Goes through the lines of a spool file, some at a time.
struct SpoolLines: Sendable {
  private let file: SpoolFile
  private var offset = 0
  private var rest: [UInt8] = []
  private var isSkipping = false
  private static let pieceBytes = 1 << 20
  /// No answer is longer; what is goes by unread.
  private static let longestLine = 64 << 20

  init(_ file: SpoolFile) {
    self.file = file
  }

  /// The next lines, without their ends and without empty ones: those of a megabyte or more of the file, and none at its
  /// end.
  mutating func next() throws(StagesError) -> [[UInt8]] {
    while offset < file.size {
      var piece = [UInt8](repeating: 0, count: min(Self.pieceBytes, file.size - offset))
      let count = piece.withUnsafeMutableBytes { file.read(into: $0, at: offset) }
      guard count > 0 else { throw file.unreadable }
      offset += count
      let lines = wholeLines(piece[..<count], isLast: offset >= file.size)
      if !lines.isEmpty { return lines }
    }
    return []
  }

  /// Those that end in this piece; the beginning of the next one is kept, so that no byte is looked at twice.
  private mutating func wholeLines(_ piece: ArraySlice<UInt8>, isLast: Bool) -> [[UInt8]] {
    var lines: [[UInt8]] = []
    var start = piece.startIndex
    while let end = Self.lineBreak(in: piece, from: start) {
      if !isSkipping { lines.append(rest + piece[start..<end]) }
      (rest, start, isSkipping) = ([], end + 1, false)
    }
    if !isSkipping { rest += piece[start...] }
    if isLast, !isSkipping { lines.append(rest) }
    if isLast || rest.count > Self.longestLine { (rest, isSkipping) = ([], !isLast) }
    return lines.filter { $0.contains { $0 > UInt8(ascii: " ") } }
  }

  private static func lineBreak(in piece: ArraySlice<UInt8>, from start: Int) -> Int? {
    piece[start...].withUnsafeBytes { bytes in
      guard let base = bytes.baseAddress, let found = memchr(base, Int32(UInt8(ascii: "\n")), bytes.count) else {
        return nil
      }
      return start + (UnsafeRawPointer(found) - base)
    }
  }
}
