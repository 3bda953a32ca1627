import FlyingFox
import FlyingSocks
import Foundation
import Synchronization

/// A server on a free port that answers its requests from a script, in the order they come, and remembers them.
final class ScriptedServer: Sendable {
  /// What the server does with one request.
  enum Answer: Sendable {
    case status(Int, String, [String: String] = [:])
    /// A head that promises more than comes.
    case cutOff
    /// Nothing, until the test lets go.
    case silence
  }

  struct Seen: Sendable {
    let method: String
    let path: String
    let authorization: String?
    let body: String
  }

  let baseURL: String
  private let server: HTTPServer
  private let task: Task<Void, any Error>
  private let log: Log

  /// What came in so far.
  var seen: [Seen] { log.seen.withLock { $0 } }

  /// The most requests that were being answered at one time.
  var mostAtOnce: Int { log.atOnce.withLock { $0.most } }

  /// One element for each request that came.
  let arrivals: AsyncStream<Void>

  /// `script` is given the number of the request, from 0, and the request.
  init(_ script: @escaping @Sendable (Int, Seen) async -> Answer) async throws {
    let server = HTTPServer(
      address: try .inet(ip4: "127.0.0.1", port: 0), timeout: 300, logger: .disabled)
    let log = Log()
    let (arrivals, arrival) = AsyncStream.makeStream(of: Void.self)
    await server.appendRoute("*") { request in
      let number = try await log.note(request)
      arrival.yield()
      defer { log.finish() }
      return try await Self.response(to: script(number.0, number.1))
    }
    let task = Task { try await server.run() }
    try await server.waitUntilListening(timeout: 600)
    guard case .ip4(_, let port)? = await server.listeningAddress else { throw SocketError.disconnected }
    (self.server, self.task, self.log, self.arrivals) = (server, task, log, arrivals)
    baseURL = "http://127.0.0.1:\(port)/v1"
  }

  /// Answers with `answers` in turn, and with the last one for ever.
  convenience init(_ answers: Answer...) async throws {
    try await self.init { number, _ in answers[min(number, answers.count - 1)] }
  }

  func stop() async {
    await server.stop()
    task.cancel()
  }

  private static func response(to answer: Answer) async throws -> HTTPResponse {
    switch answer {
    case .status(let code, let body, let fields):
      var headers = HTTPHeaders([HTTPHeader("Content-Type"): "application/json"])
      for (name, value) in fields { headers[HTTPHeader(name)] = value }
      return HTTPResponse(
        statusCode: HTTPStatusCode(code, phrase: "Status"), headers: headers, body: Data(body.utf8))
    case .cutOff:
      return HTTPResponse(statusCode: .ok, body: HTTPBodySequence(from: BrokenBytes(), count: 1000))
    case .silence:
      try await Task.sleep(for: .seconds(600))
      return HTTPResponse(statusCode: .ok)
    }
  }
}

private final class Log: Sendable {
  let seen = Mutex<[ScriptedServer.Seen]>([])
  let atOnce = Mutex((now: 0, most: 0))

  func note(_ request: HTTPRequest) async throws -> (Int, ScriptedServer.Seen) {
    let entry = ScriptedServer.Seen(
      method: request.method.rawValue, path: request.path, authorization: request.headers[.authorization],
      body: String(decoding: try await request.bodyData, as: UTF8.self))
    atOnce.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1)) }
    return seen.withLock { seen in
      seen.append(entry)
      return (seen.count - 1, entry)
    }
  }

  func finish() { atOnce.withLock { $0.now -= 1 } }
}

/// Some bytes, then an error, at which the server closes the connection.
private struct BrokenBytes: AsyncBufferedSequence, AsyncBufferedIteratorProtocol, Sendable {
  typealias Element = UInt8
  private var isFirst = true

  func makeAsyncIterator() -> BrokenBytes { self }

  mutating func next() async throws -> UInt8? { try await nextBuffer(suggested: 1)?.first }

  mutating func nextBuffer(suggested count: Int) async throws -> [UInt8]? {
    guard isFirst else { throw SocketError.disconnected }
    isFirst = false
    return Array(#"{"choices":[{"mess"#.utf8)
  }
}
