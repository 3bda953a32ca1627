import Foundation

/// The bytes of a file, one after the other; only a part of it is in memory.
struct ByteStream {
  private let path: String
  private let handle: FileHandle
  private var buffer: [UInt8] = []
  private var position = 0
  /// The line of the next byte; the first is 1. The reader of the bytes counts.
  var line = 1

  init(path: String) throws(DatasetError) {
    self.path = path
    do {
      handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
    } catch {
      throw .unreadableFile(path: path, reason: fileReason(error))
    }
    try fill()
    if buffer.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    if buffer.starts(with: [0xFF, 0xFE]) || buffer.starts(with: [0xFE, 0xFF]) {
      throw .badText(path: path, line: 1, reason: "the file is UTF-16; save it as UTF-8")
    }
  }

  mutating func next() throws(DatasetError) -> UInt8? {
    guard let byte = try peek() else { return nil }
    position += 1
    return byte
  }

  mutating func peek() throws(DatasetError) -> UInt8? {
    if position == buffer.count { try fill() }
    return position < buffer.count ? buffer[position] : nil
  }

  /// The first byte that is not white space, none of which is consumed as long as it fits the buffer.
  func firstMark() -> UInt8? {
    buffer[position...].first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }
  }

  private mutating func fill() throws(DatasetError) {
    do {
      buffer = [UInt8](try handle.read(upToCount: 1 << 18) ?? Data())
      position = 0
    } catch {
      throw .unreadableFile(path: path, reason: fileReason(error))
    }
  }
}

/// What the system says of a file, without Foundation's wrapping.
func fileReason(_ error: any Error) -> String {
  let error = error as NSError
  let inner = error.userInfo[NSUnderlyingErrorKey] as? NSError
  if let code = [inner, error].compactMap({ $0 }).first(where: { $0.domain == NSPOSIXErrorDomain })?.code {
    return String(cString: strerror(Int32(code))).lowercased()
  }
  switch CocoaError.Code(rawValue: error.code) {
  case .fileReadNoSuchFile, .fileNoSuchFile: return "no such file"
  case .fileReadNoPermission: return "permission denied"
  default: return "input/output error \(error.code)"
  }
}
