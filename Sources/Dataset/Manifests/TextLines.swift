/// The lines of a file that are not blank.
struct TextLines {
  /// In bytes.
  private static let longestLine = 1 << 24

  private let path: String
  private var stream: ByteStream

  init(_ stream: ByteStream, path: String) {
    self.stream = stream
    self.path = path
  }

  mutating func next() throws(DatasetError) -> (bytes: [UInt8], line: Int)? {
    while try stream.peek() != nil {
      let line = stream.line
      var bytes: [UInt8] = []
      while let byte = try stream.next() {
        if byte == 0x0A {
          stream.line += 1
          break
        }
        bytes.append(byte)
        if bytes.count > Self.longestLine {
          throw .badText(path: path, line: line, reason: "the line has more than \(Self.longestLine) bytes")
        }
      }
      if bytes.contains(where: { ![0x20, 0x09, 0x0D].contains($0) }) { return (bytes, line) }
    }
    return nil
  }
}
