import FlyingFox
import FlyingSocks
import Foundation

/// A well-behaved server on a free port; answers every request with the bytes it was sent.
struct EchoServer {
  let url: String
  private let server: HTTPServer
  private let task: Task<Void, any Error>

  init() async throws {
    let server = HTTPServer(
      address: try .inet(ip4: "127.0.0.1", port: 0), timeout: 300, logger: .disabled)
    await server.appendRoute("*") { request in
      HTTPResponse(statusCode: .ok, body: try await request.bodyData)
    }
    let task = Task { try await server.run() }
    try await server.waitUntilListening(timeout: 600)
    guard case .ip4(_, let port)? = await server.listeningAddress else { throw SocketError.disconnected }
    (self.server, self.task) = (server, task)
    url = "http://127.0.0.1:\(port)/echo"
  }

  func stop() async {
    await server.stop()
    task.cancel()
  }
}
