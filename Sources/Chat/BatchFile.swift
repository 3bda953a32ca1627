import Transfer

/// A file of requests as it is uploaded: the form around it, and its bytes a piece at a time.
struct BatchFile: Sendable {
  let contentType: String
  let source: BodySource

  /// A form with the fields `purpose` and `file` (RFC 7578) around the bytes of `lines`. `boundary` must occur in none
  /// of them.
  init(_ lines: BodySource, boundary: String) {
    contentType = "multipart/form-data; boundary=\(boundary)"
    let head = Array(
      """
      --\(boundary)\r
      Content-Disposition: form-data; name="purpose"\r
      \r
      batch\r
      --\(boundary)\r
      Content-Disposition: form-data; name="file"; filename="requests.jsonl"\r
      Content-Type: application/jsonl\r
      \r

      """.utf8)
    let tail = Array("\r\n--\(boundary)--\r\n".utf8)
    source = BodySource(size: head.count + lines.size + tail.count) { buffer, offset in
      if offset < head.count { return Self.copy(head, from: offset, to: buffer) }
      let place = offset - head.count
      if place >= lines.size { return Self.copy(tail, from: place - lines.size, to: buffer) }
      return lines.read(
        UnsafeMutableRawBufferPointer(rebasing: buffer[..<min(buffer.count, lines.size - place)]), at: place)
    }
  }

  private static func copy(_ bytes: [UInt8], from offset: Int, to buffer: UnsafeMutableRawBufferPointer) -> Int {
    let piece = bytes[min(offset, bytes.count)...].prefix(buffer.count)
    buffer.copyBytes(from: piece)
    return piece.count
  }
}
