import Chat
import FlyingFox
import FlyingSocks
import Foundation
import Synchronization

/// A chat endpoint on a free port whose answers a test makes up from the bodies it is sent.
final class EndpointServer: Sendable {
  let baseURL: String
  private let server: HTTPServer
  private let task: Task<Void, any Error>
  private let log = Log()

  private final class Log: Sendable {
    let bodies = Mutex<[String]>([])
  }

  /// The bodies sent so far, in the order in which they came.
  var bodies: [String] { log.bodies.withLock { $0 } }

  /// `answer` is given a request's body; it returns a status and a body.
  init(_ answer: @escaping @Sendable (String) -> (Int, String)) async throws {
    let server = HTTPServer(address: try .inet(ip4: "127.0.0.1", port: 0), timeout: 300, logger: .disabled)
    let log = log
    await server.appendRoute("POST /v1/chat/completions") { request in
      let body = String(decoding: try await request.bodyData, as: UTF8.self)
      log.bodies.withLock { $0.append(body) }
      let (status, text) = answer(body)
      return HTTPResponse(statusCode: HTTPStatusCode(status, phrase: "Status"), body: Data(text.utf8))
    }
    let task = Task { try await server.run() }
    try await server.waitUntilListening(timeout: 600)
    guard case .ip4(_, let port)? = await server.listeningAddress else { throw CancellationError() }
    (self.server, self.task) = (server, task)
    baseURL = "http://127.0.0.1:\(port)/v1"
  }

  deinit { task.cancel() }

  func client(concurrency: Int = 2) throws -> ChatClient {
    ChatClient(endpoint: try Endpoint(baseURL: baseURL, concurrency: concurrency, maximumAttempts: 1))
  }

  /// A completion that says `content`.
  static func reply(_ content: String, finish: String = "stop") -> (Int, String) {
    let message = ["role": "assistant", "content": content]
    let choice: [String: Any] = ["index": 0, "finish_reason": finish, "message": message]
    let body: [String: Any] = ["choices": [choice], "usage": ["prompt_tokens": 10, "completion_tokens": 5]]
    let data = (try? JSONSerialization.data(withJSONObject: body)) ?? Data()
    return (200, String(decoding: data, as: UTF8.self))
  }
}

/// What comes from several threads, by its place.
final class Gathering<Value: Sendable>: Sendable {
  private let values = Mutex<[Int: [Value]]>([:])

  func add(_ value: Value, at place: Int) { values.withLock { $0[place, default: []].append(value) } }

  subscript(place: Int) -> [Value] { values.withLock { $0[place] ?? [] } }

  var count: Int { values.withLock { $0.values.reduce(0) { $0 + $1.count } } }
}
