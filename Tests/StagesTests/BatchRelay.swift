import FlyingFox
import FlyingSocks
import Foundation
import Synchronization
import Transfer

/// Stands between a client and a server with a Batch API, counts what passes, and can go away in the middle: what a
/// client has kept by then is what it has kept when it is killed there.
final class BatchRelay: Sendable {
  enum Step: String {
    case upload, creation, poll, fetch, listing, other

    init(_ method: String, _ path: String) {
      switch (method, path) {
      case ("POST", "/v1/files"): self = .upload
      case ("POST", "/v1/batches"): self = .creation
      case ("GET", "/v1/batches"): self = .listing
      case ("GET", _) where path.hasSuffix("/content"): self = .fetch
      case ("GET", _) where path.hasPrefix("/v1/batches/"): self = .poll
      default: self = .other
      }
    }
  }

  /// When it goes away: before or after the server hears the `number`th request of this kind, from 1.
  struct Trouble: Sendable, CustomStringConvertible {
    var step: Step
    var number = 1
    var isHeard: Bool

    var description: String { "\(isHeard ? "after" : "before") \(step.rawValue) \(number)" }
  }

  let baseURL: String
  /// One element each time it goes away.
  let departures: AsyncStream<Void>
  private let server: HTTPServer
  private let task: Task<Void, any Error>
  private let relaying: Relaying

  /// `target` is the server's base URL.
  init(to target: String) async throws {
    let server = HTTPServer(
      address: try .inet(ip4: "127.0.0.1", port: 0), timeout: 300, logger: .disabled)
    let (departures, departure) = AsyncStream.makeStream(of: Void.self)
    let relaying = Relaying(to: target) { departure.yield() }
    await server.appendRoute("*") { request in try await relaying.answer(request) }
    let task = Task { try await server.run() }
    try await server.waitUntilListening(timeout: 600)
    guard case .ip4(_, let port)? = await server.listeningAddress else { throw CancellationError() }
    (self.server, self.task, self.relaying, self.departures) = (server, task, relaying, departures)
    baseURL = "http://127.0.0.1:\(port)/v1"
  }

  deinit {
    task.cancel()
  }

  /// How often the server heard a request of this kind.
  func count(_ step: Step) -> Int { relaying.count(step) }

  func goAway(_ trouble: Trouble) { relaying.set(trouble, target: nil) }

  /// Is there again; `target` is another server where it is given.
  func comeBack(target: String? = nil) { relaying.set(nil, target: target) }
}

private final class Relaying: Sendable {
  private struct State {
    var target: String
    var trouble: BatchRelay.Trouble?
    var isAway = false
    var seen: [BatchRelay.Step: Int] = [:]
    var heard: [BatchRelay.Step: Int] = [:]
  }

  private let http = Transfer.HTTPClient()
  private let state: Mutex<State>

  private let leaves: @Sendable () -> Void

  init(to target: String, leaves: @escaping @Sendable () -> Void) {
    state = Mutex(State(target: target))
    self.leaves = leaves
  }

  func count(_ step: BatchRelay.Step) -> Int { state.withLock { $0.heard[step, default: 0] } }

  func set(_ trouble: BatchRelay.Trouble?, target: String?) {
    state.withLock { state in
      state = State(target: target ?? state.target, trouble: trouble, heard: state.heard)
    }
  }

  func answer(_ request: FlyingFox.HTTPRequest) async throws -> FlyingFox.HTTPResponse {
    let step = BatchRelay.Step(request.method.rawValue, request.path)
    let body = try await request.bodyData
    guard let target = target(step) else { return away }
    let query = request.query.map { "\($0.name)=\($0.value)" }.joined(separator: "&")
    let path = request.path.dropFirst("/v1".count) + (query.isEmpty ? "" : "?" + query)
    var headers: Transfer.HTTPHeaders = [:]
    if let type = request.headers[.contentType] { headers.append("Content-Type", type) }
    let response = try await http.send(
      Transfer.HTTPRequest(
        method: request.method == .POST ? .post : .get, url: target + path, headers: headers, body: Array(body)))
    guard isBack(after: step) else { return away }
    return FlyingFox.HTTPResponse(
      statusCode: HTTPStatusCode(response.status, phrase: "Status"), body: Data(response.body))
  }

  private var away: FlyingFox.HTTPResponse { FlyingFox.HTTPResponse(statusCode: .badGateway) }

  /// The server, where it is to hear of a request.
  private func target(_ step: BatchRelay.Step) -> String? {
    state.withLock { state in
      state.seen[step, default: 0] += 1
      if let trouble = state.trouble, trouble.step == step, !trouble.isHeard, trouble.number == state.seen[step] {
        state.isAway = true
        leaves()
      }
      guard !state.isAway else { return nil }
      state.heard[step, default: 0] += 1
      return state.target
    }
  }

  /// Whether the client is to hear of the answer.
  private func isBack(after step: BatchRelay.Step) -> Bool {
    state.withLock { state in
      if let trouble = state.trouble, trouble.step == step, trouble.isHeard, trouble.number == state.seen[step] {
        state.isAway = true
        leaves()
      }
      return !state.isAway
    }
  }
}
