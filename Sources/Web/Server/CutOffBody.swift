import FlyingFox
import FlyingSocks

extension HTTPBodySequence {
  /// The beginning of `bytes` under the Content-Length of the whole; then the connection is closed.
  static func cutOff(_ bytes: [UInt8]) -> HTTPBodySequence {
    HTTPBodySequence(from: CutOffBytes(bytes: Array(bytes.prefix(bytes.count / 2))), count: bytes.count)
  }
}

/// Gives its bytes, then throws, upon which FlyingFox closes the connection.
private struct CutOffBytes: AsyncBufferedSequence {
  let bytes: [UInt8]

  func makeAsyncIterator() -> Iterator {
    Iterator(rest: bytes)
  }

  struct Iterator: AsyncBufferedIteratorProtocol {
    var rest: [UInt8]

    mutating func next() async throws -> UInt8? {
      try await nextBuffer(suggested: 1)?.first
    }

    mutating func nextBuffer(suggested count: Int) async throws -> [UInt8]? {
      guard !rest.isEmpty else { throw SocketError.disconnected }
      let chunk = Array(rest.prefix(count))
      rest.removeFirst(chunk.count)
      return chunk
    }
  }
}
