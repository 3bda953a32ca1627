import FlyingFox
import FlyingSocks
import Foundation
import Synchronization

/// A chat endpoint whose answers a test makes up, and which counts what it was asked.
final class ScriptedEndpoint: Sendable {
  let baseURL: String
  private let server: HTTPServer
  private let task: Task<Void, any Error>
  private let count: Count

  private final class Count: Sendable {
    let value = Atomic(0)
  }

  /// Completions asked for so far.
  var asked: Int { count.value.load(ordering: .relaxed) }

  /// `answer` is given the number of the request, from 1, and its body; it returns a status and a body.
  init(_ answer: @escaping @Sendable (Int, String) async -> (Int, String)) async throws {
    let server = HTTPServer(
      address: try .inet(ip4: "127.0.0.1", port: 0), timeout: 300, logger: .disabled)
    let count = Count()
    await server.appendRoute("POST /v1/chat/completions") { request in
      let body = String(decoding: try await request.bodyData, as: UTF8.self)
      let (status, text) = await answer(count.value.add(1, ordering: .relaxed).newValue, body)
      return HTTPResponse(statusCode: HTTPStatusCode(status, phrase: "Status"), body: Data(text.utf8))
    }
    let task = Task { try await server.run() }
    try await server.waitUntilListening(timeout: 600)
    guard case .ip4(_, let port)? = await server.listeningAddress else { throw CancellationError() }
    (self.server, self.task, self.count) = (server, task, count)
    baseURL = "http://127.0.0.1:\(port)/v1"
  }

  deinit {
    task.cancel()
  }

  /// A completion with one question.
  static let completion = reply(
    """
    {"items":[{"question":"How high is it?","correct":"high","distractors":["low","middling","wavering"],\
    "evidence":"","skill":"pitch","difficulty":"easy"}]}
    """)

  static func reply(_ content: String) -> String {
    let message = ["role": "assistant", "content": content]
    let choice: [String: Any] = ["index": 0, "finish_reason": "stop", "message": message]
    let body: [String: Any] = ["choices": [choice], "usage": ["prompt_tokens": 10, "completion_tokens": 5]]
    let data = (try? JSONSerialization.data(withJSONObject: body)) ?? Data()
    return String(decoding: data, as: UTF8.self)
  }
}
