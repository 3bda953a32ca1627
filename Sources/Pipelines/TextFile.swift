import Foundation

/// A text file, read whole: at most 1 MiB of UTF-8.
struct TextFile {
  static let limit = 1 << 20

  /// The bytes as they are, with CRLF made LF.
  let bytes: [UInt8]
  /// Without a byte order mark.
  let text: String

  init(path: String) throws(PipelineError) {
    let data = try Self.contents(path)
    guard data.count <= Self.limit else { throw .tooLarge(path: path, limit: Self.limit) }
    bytes = Self.withUnixLines(data)
    guard let text = String(validating: bytes, as: UTF8.self) else { throw .notText(path: path) }
    self.text = text.hasPrefix("\u{FEFF}") ? String(text.unicodeScalars.dropFirst()) : text
  }

  private static func contents(_ path: String) throws(PipelineError) -> Data {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      let code = errno
      guard code != ENOENT && code != ENOTDIR else { throw .missingFile(path: path) }
      throw .unreadable(path: path, reason: String(cString: strerror(code)))
    }
    do {
      return try FileHandle(fileDescriptor: descriptor, closeOnDealloc: true).read(upToCount: limit + 1) ?? Data()
    } catch {
      throw .unreadable(path: path, reason: "it is a folder, or the device fails")
    }
  }

  private static func withUnixLines(_ data: Data) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(data.count)
    for byte in data {
      if byte == UInt8(ascii: "\n"), bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
      bytes.append(byte)
    }
    return bytes
  }
}
