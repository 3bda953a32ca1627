import Chat
import Dataset
import Pipelines
import Store

/// A request for what an endpoint says of one clip.
struct EndpointRequest: Sendable {
  var chat: ChatRequest
  /// SHA-256 of everything in it.
  var key: String
  var clip: String
  /// The body as the store keeps it, where that is not the body itself: what makes a request very long may be named in
  /// place of its bytes.
  var storedBody: [UInt8]?
}

/// Sends requests of one stage to an endpoint, many at a time, and commits each answer as it comes: raw, before
/// anything is made of it.
struct RequestQueue: Sendable {
  let endpoint: Endpoint
  let client: ChatClient
  let context: StageContext
  let waiters = WaitingClips()
  private let flight = Flight()

  /// How often a question is put whose answers are no completions.
  static let mostAnswers = 3

  init(endpoint: Endpoint, client: ChatClient, context: StageContext) {
    self.endpoint = endpoint
    self.client = client
    self.context = context
  }

  /// What `next` gives goes out, each to `settle` with its answer's key once that is committed. When the task is
  /// cancelled, or the endpoint fails for good, no new request goes out, and what is on the wire is waited for: it is
  /// paid for.
  func run(
    next: () async throws -> EndpointRequest?, settle: @escaping @Sendable (EndpointRequest, String) throws -> Void
  ) async throws {
    if try context.store.hasCompletions(stage: context.place.name) { flight.noteSuccess() }
    try await withTaskCancellationHandler {
      try await withThrowingTaskGroup(of: Void.self) { group in
        defer { flight.stop() }
        try await send(next, settle, in: &group)
      }
    } onCancel: {
      flight.stop()
    }
    report()
    if let failure = flight.failure { throw failure }
    try Task.checkCancellation()
  }

  private func send(
    _ next: () async throws -> EndpointRequest?, _ settle: @escaping @Sendable (EndpointRequest, String) throws -> Void,
    in group: inout ThrowingTaskGroup<Void, any Error>
  ) async throws {
    var isReached = false
    var running = 0
    while !flight.isStopping {
      if running < endpoint.concurrency * 2, let request = try await next() {
        if !isReached { try await reach() }
        isReached = true
        let task = flight.launch { log in await answer(request, settle, log) }
        group.addTask { await task.value }
        running += 1
      } else if running > 0 {
        try await group.next()
        running -= 1
      } else {
        break
      }
    }
    try await group.waitForAll()
  }

  /// Ends the stage at once where there is no server: no request needs to fail for that.
  private func reach() async throws {
    do {
      _ = try await client.models()
    } catch {
      switch error {
      case .unreachable: throw error
      case .cancelled: throw CancellationError()
      default: return
      }
    }
  }

  /// Sends one request until it is answered or given up.
  private func answer(
    _ request: EndpointRequest, _ settle: @Sendable (EndpointRequest, String) throws -> Void, _ log: FlightLog
  ) async {
    do {
      for salt in 0..<Self.mostAnswers {
        let key = endpoint.key(of: request, salt: salt)
        if try context.store.hasUsableResponse(to: key) == false { continue }
        let response = try await send(request, key: key, log)
        if response.isUsable || salt == Self.mostAnswers - 1 { return try settle(request, key) }
      }
    } catch {
      flight.fail(error)
    }
  }

  private func send(_ request: EndpointRequest, key: String, _ log: FlightLog) async throws -> ResponseRecord {
    let stage = context.place.name
    let record = RequestRecord(key: key, clip: request.clip, body: request.storedBody ?? request.chat.canonicalBody)
    do {
      let raw = try await client.send(request.chat) { event in
        try log.note(event, of: record, stage: stage, in: context.store)
      }
      let response = ResponseRecord(raw)
      try context.store.answered(attempt: log.attempt, key: key, stage: stage, response)
      if response.isUsable { flight.noteSuccess() }
      return response
    } catch let error as ChatError {
      guard case .rejected(_, let status, let excerpt) = error, [400, 413, 422].contains(status), flight.hadSuccess
      else { throw error }
      // The endpoint works, and will not have this one request: that is its answer.
      let response = ResponseRecord(
        status: status, promptTokens: 0, completionTokens: 0, seconds: 0, format: "", headers: "{}",
        body: Array(excerpt.utf8))
      try context.store.answered(attempt: nil, key: key, stage: stage, response)
      return response
    }
  }

  private func report() {
    for (reason, count) in flight.failures.counts {
      context.progress.note(
        stage: context.place.name,
        counted(count, "request") + " without an answer, to be made again by the next run: \(reason)")
    }
  }
}

extension Endpoint {
  /// The request's key when it is made for the `salt`-th time because its answers were no completions.
  func key(of request: EndpointRequest, salt: Int) -> String {
    salt == 0 ? request.key : RequestKey(request.chat, endpoint: self, salt: salt).hex
  }

  /// The key under which the request has its answer: the first completion, or else the last of the answers allowed.
  func answeredKey(of request: EndpointRequest, in store: RunStore) throws(StoreError) -> String? {
    for salt in 0..<RequestQueue.mostAnswers {
      let key = key(of: request, salt: salt)
      guard let isUsable = try store.hasUsableResponse(to: key) else { return nil }
      if isUsable || salt == RequestQueue.mostAnswers - 1 { return key }
    }
    return nil
  }
}

extension ResponseRecord {
  init(_ response: RawResponse) {
    let reply = try? ChatReply(parsing: response.body)
    self.init(
      status: response.status, isUsable: reply != nil, promptTokens: reply?.promptTokens ?? 0,
      completionTokens: reply?.completionTokens ?? 0, seconds: response.seconds, format: response.output.rawValue,
      headers: response.headersJSON, body: response.body)
  }
}
