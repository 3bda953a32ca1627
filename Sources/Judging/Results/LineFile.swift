import Foundation

/// Lines that are put on the disk as they come.
enum LineFile {
  /// Adds a line to the file, which is made where it is missing; what was cut off in mid-line before is ended first.
  static func append(_ line: [UInt8], to path: String) throws(JudgingError) {
    let descriptor = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw .writing(path, code: errno) }
    defer { close(descriptor) }
    var last: UInt8 = 0
    let size = lseek(descriptor, 0, SEEK_END)
    let isCut = size > 0 && pread(descriptor, &last, 1, size - 1) == 1 && last != UInt8(ascii: "\n")
    try write((isCut ? [UInt8(ascii: "\n")] : []) + line + [UInt8(ascii: "\n")], to: descriptor, path)
  }

  /// Writes all of `bytes` and waits until they are on the disk.
  static func write(_ bytes: [UInt8], to descriptor: Int32, _ path: String) throws(JudgingError) {
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes { rest in
        Glibc.write(descriptor, rest.baseAddress.map { $0 + written }, rest.count - written)
      }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { throw .writing(path, code: count < 0 ? errno : ENOSPC) }
      written += count
    }
    guard fdatasync(descriptor) == 0 || errno == EINVAL else { throw .writing(path, code: errno) }
  }
}
