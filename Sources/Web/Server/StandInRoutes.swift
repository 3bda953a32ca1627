import FlyingFox
import Foundation

/// The routes of the stand-in server.
struct StandInRoutes: Sendable {
  /// Longest body of a completion request that is read, bytes.
  static let largestBody = 8 << 20

  let settings: StandInSettings
  let ledger: RequestLedger
  let clock: StandInClock
  let batches: BatchBook
  private let desk: AnswerDesk
  private let meter: RateMeter
  private let queue: WorkQueue

  init(settings: StandInSettings, ledger: RequestLedger, clock: StandInClock) {
    self.settings = settings
    self.ledger = ledger
    self.clock = clock
    desk = AnswerDesk(faults: settings.faults, capabilities: settings.capabilities, clock: clock)
    meter = RateMeter(settings.limits, now: clock.now)
    queue = WorkQueue(places: settings.limits.concurrentAnswers)
    batches = BatchBook(settings: settings.batches, desk: desk, ledger: ledger, clock: clock)
  }

  func add(to server: HTTPServer) async {
    await server.appendRoute("POST /v1/chat/completions") { request in try await complete(request) }
    await server.appendRoute("POST /v1/embeddings") { request in try await embed(request) }
    await server.appendRoute("GET /v1/models") { _ in .json(ModelList.standIn) }
    await server.appendRoute("GET /v1/stats") { _ in .json(await ledger.statistics) }
    await BatchRoutes(book: batches, largestFile: settings.batches.largestFile).add(to: server)
    await server.appendRoute("*") { request in
      _ = try await request.body(atMost: Self.largestBody)
      return .json(APIError.unknownPath(request.path), status: 404)
    }
  }

  private func complete(_ request: HTTPRequest) async throws -> HTTPResponse {
    guard let body = try await request.body(atMost: Self.largestBody) else {
      return try await send(desk.refusal(.bodyTooLong(limit: Self.largestBody)), body: 0)
    }
    let hash = StableHash.of(Array(body))
    let asked: ChatRequest
    do {
      asked = try ChatRequest(body: body)
    } catch {
      return try await send(desk.refusal(.invalid(error)), body: hash)
    }
    if let complaint = settings.capabilities.complaint(about: asked) {
      return try await send(desk.refusal(complaint), body: hash)
    }
    let decision = meter.admit(tokens: asked.promptTokens(bytes: body.count) + (asked.maximumTokens ?? 0))
    if let refusal = decision.refusal {
      return try await send(desk.refusal(refusal, model: asked.model), body: hash, limits: decision.headers)
    }
    let earlier = await ledger.arrival(of: hash)
    let fault = settings.faults.fault(body: hash, earlier: earlier)
    let answer = try await queue.withPlace {
      let seconds = settings.faults.seconds(body: hash, fault: fault)
      if seconds > 0 { try await clock.sleep(seconds) }
      return desk.answer(asked, body: hash, bytes: body.count, earlier: earlier, fault: fault)
    }
    return try await send(answer, body: hash, fault: fault, limits: decision.headers, to: request.clientPort)
  }

  /// Embeddings are limited as completions are, and never fail on purpose.
  private func embed(_ request: HTTPRequest) async throws -> HTTPResponse {
    guard let body = try await request.body(atMost: Self.largestBody) else {
      return try await send(desk.refusal(.bodyTooLong(limit: Self.largestBody)), body: 0)
    }
    let hash = StableHash.of(Array(body))
    let asked: EmbeddingList.Request
    do {
      asked = try EmbeddingList.Request(body: body)
    } catch {
      return try await send(desk.refusal(.invalid(error)), body: hash)
    }
    let decision = meter.admit(tokens: body.count / 4)
    if let refusal = decision.refusal {
      return try await send(desk.refusal(refusal, model: asked.model), body: hash, limits: decision.headers)
    }
    let answer = Answer(body: JSONBytes.of(EmbeddingList(answering: asked)) ?? Data())
    return try await send(answer, body: hash, limits: decision.headers)
  }

  private func send(
    _ answer: Answer, body: UInt64, fault: StandInFault? = nil, limits: [String: String] = [:], to port: UInt16? = nil
  ) async throws -> HTTPResponse {
    await ledger.settle(answer, body: body)
    var response = HTTPResponse(status: answer.status, data: answer.body)
    for (name, value) in limits { response.headers[HTTPHeader(name)] = value }
    for (name, value) in answer.headers { response.headers[HTTPHeader(name)] = value }
    guard let fault else { return response }
    let body = FaultyBody.of(
      answer.body, fault: fault, dripSeconds: settings.faults.dripSeconds, port: port, clock: clock)
    if let body { response.payload = .httpBody(body) }
    if fault == .shortLength { response.headers[.contentLength] = String(answer.body.count / 2) }
    return response
  }
}

extension HTTPRequest {
  /// The whole body, or `nil` where it is too long; it is then read to its end and dropped, so that the connection
  /// stays usable for the answer.
  func body(atMost limit: Int) async throws -> Data? {
    var body = Data()
    var length = 0
    for try await chunk in bodySequence {
      length += chunk.count
      if length <= limit { body.append(chunk) } else { body = Data() }
    }
    return length <= limit ? body : nil
  }

  fileprivate var clientPort: UInt16? {
    if case .ip4(_, let port) = remoteAddress { port } else { nil }
  }
}

extension HTTPResponse {
  init(status: Int, data: Data, type: String = "application/json") {
    self.init(
      statusCode: HTTPStatusCode(status, phrase: Self.phrases[status] ?? "Unknown"),
      headers: [.contentType: type],
      // In one piece: a small piece would wait for the client to confirm the one before.
      body: HTTPBodySequence(data: data, suggestedBufferSize: max(1, data.count)))
  }

  /// `value` as JSON with sorted keys.
  static func json(_ value: some Encodable, status: Int = 200) -> HTTPResponse {
    guard let data = JSONBytes.of(value) else { return HTTPResponse(status: 500, data: Data()) }
    return HTTPResponse(status: status, data: data)
  }

  private static let phrases = [
    200: "OK", 400: "Bad Request", 404: "Not Found", 409: "Conflict", 413: "Payload Too Large",
    429: "Too Many Requests",
    500: "Internal Server Error", 503: "Service Unavailable",
  ]
}
