import FlyingSocks
import Foundation

/// FlyingFox's pool of sockets, for answers that leave at once.
///
/// FlyingFox writes the header and the body of an answer apart. With Nagle's algorithm the body then waits until the
/// client confirms the header, which on a connection in use takes it 40 ms.
struct PromptSocketPool: AsyncSocketPool {
  /// Sockets that are served each time the pool wakes.
  private static let mostEvents = 256

  private let base = SocketPool<ePoll>.ePoll(maxEvents: mostEvents)

  func prepare() async throws {
    try await base.prepare()
  }

  func run() async throws {
    try await base.run()
  }

  func suspendSocket(_ socket: Socket, untilReadyFor events: Socket.Events) async throws {
    // Only the listening socket waits for this. What it accepts has its options.
    if events == .connection {
      try socket.setValue(true, for: BoolSocketOption(level: Int32(IPPROTO_TCP), name: TCP_NODELAY))
    }
    try await base.suspendSocket(socket, untilReadyFor: events)
  }
}
