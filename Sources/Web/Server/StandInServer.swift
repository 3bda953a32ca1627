import FlyingFox
import FlyingSocks

/// A chat endpoint on loopback that stands in for a paid one: it speaks the OpenAI API and writes questions from the
/// facts in the captions it is sent, with a small grammar instead of a model. A sound that it is sent (`input_audio`, WAV
/// of 16 bits) it captions with what it measures.
///
/// Routes: `POST /v1/chat/completions`, `POST /v1/embeddings`, `GET /v1/models`, `GET /v1/stats`; files and batches below `/v1/files` and
/// `/v1/batches`, as OpenAI has them. Unless told otherwise, the answer is a function of the request's body alone: the
/// same body gives the same bytes, whatever the port, the order and the process.
public final class StandInServer: Sendable {
  /// What an endpoint's identity should say in place of the port: raise it when the wording of the questions changes.
  public static let version = "2"

  /// The base URL for a client: "http://127.0.0.1:PORT/v1".
  public let baseURL: String

  private let server: HTTPServer
  private let running: Task<Void, any Error>
  private let ledger: RequestLedger
  private let batches: BatchBook

  /// Starts a server and returns once it listens.
  ///
  /// - Parameters:
  ///   - port: the port on 127.0.0.1; 0 takes any free one.
  ///   - requestLog: a file to which a line is added for each answered completion, before the answer is sent: the hash
  ///     of the body (16 hex digits), the status, the fault or limit if there was one, and "batch" where it came in one,
  ///     with single spaces between. Lines with status 200 are the billed ones.
  public static func start(
    port: UInt16 = 0, faults: StandInFaults = StandInFaults(), limits: StandInLimits = StandInLimits(),
    capabilities: StandInCapabilities = StandInCapabilities(), batches: StandInBatches = StandInBatches(),
    requestLog: String? = nil
  ) async throws(WebError) -> StandInServer {
    let settings = StandInSettings(faults: faults, limits: limits, capabilities: capabilities, batches: batches)
    return try await start(port: port, settings: settings, requestLog: requestLog, clock: .system)
  }

  /// The same with another clock.
  static func start(
    port: UInt16 = 0, settings: StandInSettings, requestLog: String? = nil, clock: StandInClock
  ) async throws(WebError) -> StandInServer {
    let ledger = RequestLedger(log: try requestLog.map { path throws(WebError) in try RequestLog(path: path) })
    let server = try makeServer(port: port)
    let routes = StandInRoutes(settings: settings, ledger: ledger, clock: clock)
    await routes.add(to: server)
    let listening = Task { try await server.waitUntilListening(timeout: 120) }
    let running = Task {
      do {
        try await server.run()
      } catch {
        listening.cancel()
        throw error
      }
    }
    guard case .success = await listening.result, case .ip4(_, let bound) = await server.listeningAddress else {
      running.cancel()
      throw .couldNotListen(port: Int(port), reason: reason(of: await running.result))
    }
    return StandInServer(port: bound, server: server, running: running, routes: routes)
  }

  private init(port: UInt16, server: HTTPServer, running: Task<Void, any Error>, routes: StandInRoutes) {
    baseURL = "http://127.0.0.1:\(port)/v1"
    self.server = server
    self.running = running
    ledger = routes.ledger
    batches = routes.batches
  }

  deinit {
    running.cancel()
  }

  /// Closes the port and every connection; requests in flight get 500 or no answer, and are not billed.
  public func stop() async {
    await server.stop()
    _ = await running.result
    await batches.stop()
  }

  /// Returns when the server ends; throws when the task is cancelled.
  public func waitUntilStopped() async throws {
    let running = running
    try await withTaskCancellationHandler {
      try await running.value
    } onCancel: {
      running.cancel()
    }
    try Task.checkCancellation()
  }

  /// What has been served so far.
  public var statistics: StandInStatistics {
    get async { await ledger.statistics }
  }

  private static func makeServer(port: UInt16) throws(WebError) -> HTTPServer {
    do {
      let configuration = HTTPServer.Configuration(
        address: try .inet(ip4: "127.0.0.1", port: port),
        // A handler that sleeps for a slow answer must not be cut short.
        timeout: 3_600,
        sharedRequestBufferSize: StandInRoutes.largestBody,
        sharedRequestReplaySize: StandInRoutes.largestBody,
        pool: PromptSocketPool(),
        logger: .disabled)
      return HTTPServer(config: configuration)
    } catch {
      throw .couldNotListen(port: Int(port), reason: "\(error)")
    }
  }

  private static func reason(of result: Result<Void, any Error>) -> String {
    switch result {
    case .failure(SocketError.failed(_, _, let message)): message
    case .failure(let error): "\(error)"
    case .success: "it stopped at once"
    }
  }
}
