import Foundation

/// A file that grows line by line, through a buffer, and reaches the disk when it is closed.
final class LineFile {
  private let path: String
  private let descriptor: Int32
  private var buffer: [UInt8] = []
  private var isOpen = true

  init(path: String) throws(StagesError) {
    self.path = path
    descriptor = open(path, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw Self.failure(path) }
  }

  deinit {
    if isOpen { Glibc.close(descriptor) }
  }

  /// Adds text as it is.
  func append(_ text: String) throws(StagesError) {
    try append(text.utf8)
  }

  func append(_ bytes: some Sequence<UInt8>) throws(StagesError) {
    buffer.append(contentsOf: bytes)
    if buffer.count >= 1 << 16 { try flush() }
  }

  func close() throws(StagesError) {
    try flush()
    isOpen = false
    let isSafe = fsync(descriptor) == 0
    guard Glibc.close(descriptor) == 0, isSafe else { throw Self.failure(path) }
  }

  private func flush() throws(StagesError) {
    var start = 0
    while start < buffer.count {
      let count = buffer.withUnsafeBytes {
        Glibc.write(descriptor, $0.baseAddress?.advanced(by: start), $0.count - start)
      }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { throw Self.failure(path) }
      start += count
    }
    buffer.removeAll(keepingCapacity: true)
  }

  /// The error that `errno` tells of.
  static func failure(_ path: String) -> StagesError {
    errno == ENOSPC || errno == EDQUOT ? .diskFull(path) : .cannotWrite(path, reason: String(cString: strerror(errno)))
  }
}
