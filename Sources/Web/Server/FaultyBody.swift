import FlyingFox
import FlyingSocks
import Foundation

/// The bytes of a body that do not simply arrive.
struct FaultyBody: AsyncBufferedSequence {
  typealias Element = UInt8

  /// How the body ends.
  enum End {
    case whole
    /// The connection is closed.
    case closed
    /// The connection is reset; the number is the client's port.
    case reset(UInt16)
  }

  var pieces: [ArraySlice<UInt8>]
  /// Before every piece but the first.
  var pauseSeconds = 0.0
  var clock = StandInClock.system
  var end: End

  /// The body that `fault` makes of `data`, for the client at `port`; nil where the fault is none of the body's.
  static func of(
    _ data: Data, fault: StandInFault, dripSeconds: Double, port: UInt16?, clock: StandInClock
  ) -> HTTPBodySequence? {
    let bytes = Array(data)
    let body: FaultyBody
    switch fault {
    case .cutOff:
      body = FaultyBody(pieces: [bytes.prefix(bytes.count / 2)], end: .closed)
    case .reset:
      body = FaultyBody(pieces: [bytes.prefix(bytes.count / 2)], end: port.map(End.reset) ?? .closed)
    case .drip:
      let size = Swift.max(1, bytes.count / dripPieces)
      let pieces = stride(from: 0, to: bytes.count, by: size).map { bytes[$0..<Swift.min($0 + size, bytes.count)] }
      body = FaultyBody(
        pieces: pieces, pauseSeconds: dripSeconds / Double(Swift.max(1, pieces.count - 1)), clock: clock, end: .whole)
    case .shortLength:
      // What follows would be taken for the answer to the next request.
      body = FaultyBody(pieces: [bytes[...]], end: .closed)
    default: return nil
    }
    return HTTPBodySequence(from: body, count: bytes.count)
  }

  private static let dripPieces = 50

  func makeAsyncIterator() -> Iterator {
    Iterator(body: self)
  }

  struct Iterator: AsyncBufferedIteratorProtocol {
    let body: FaultyBody
    var sent = 0

    mutating func next() async throws -> UInt8? {
      // FlyingFox asks for buffers only.
      try await nextBuffer(suggested: 1)?.first
    }

    mutating func nextBuffer(suggested count: Int) async throws -> ArraySlice<UInt8>? {
      guard sent < body.pieces.count else { return try finish() }
      if sent > 0, body.pauseSeconds > 0 { try await body.clock.sleep(body.pauseSeconds) }
      sent += 1
      return body.pieces[sent - 1]
    }

    private func finish() throws -> ArraySlice<UInt8>? {
      switch body.end {
      case .whole: return nil
      case .reset(let port): ConnectionReset.prepare(clientPort: port)
      case .closed: break
      }
      // FlyingFox closes a connection whose body ends in an error.
      throw SocketError.disconnected
    }
  }
}
