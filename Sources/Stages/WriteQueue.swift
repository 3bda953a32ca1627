import Chat
import Dataset
import Pipelines
import Store

/// Sends the requests of all pending clips, many at a time, and commits each answer as it comes.
struct WriteQueue: Sendable {
  let settings: WriteSettings
  let client: ChatClient
  let context: StageContext
  private let flight = Flight()
  private let waiters = WaitingClips()

  /// How often a question is put whose answers are no completions.
  static let mostAnswers = 3

  init(settings: WriteSettings, client: ChatClient, context: StageContext) {
    self.settings = settings
    self.client = client
    self.context = context
  }

  /// When the task is cancelled, or the endpoint fails for good, no new request goes out, and what is on the wire is
  /// waited for: it is paid for.
  func run() async throws {
    if try context.store.hasCompletions(stage: context.place.name) { flight.noteSuccess() }
    try await withTaskCancellationHandler {
      try await withThrowingTaskGroup(of: Void.self) { group in
        defer { flight.stop() }
        try await send(in: &group)
      }
    } onCancel: {
      flight.stop()
    }
    report()
    if let failure = flight.failure { throw failure }
    try Task.checkCancellation()
  }

  private func send(in group: inout ThrowingTaskGroup<Void, any Error>) async throws {
    var source = RequestSource(settings: settings, context: context, waiters: waiters)
    var isReached = false
    var running = 0
    while !flight.isStopping {
      if running < settings.concurrency * 2, let request = try source.next() {
        if !isReached { try await reach() }
        isReached = true
        let task = flight.launch { log in await answer(request, log) }
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

  /// Sends one request until it is answered or given up; an answer is committed raw before anything is made of it.
  private func answer(_ request: WriteRequest, _ log: FlightLog) async {
    do {
      for salt in 0..<Self.mostAnswers {
        let key = settings.key(of: request, salt: salt)
        if try context.store.hasUsableResponse(to: key) == false { continue }
        let isLast = salt == Self.mostAnswers - 1
        let response = try await send(request, key: key, log)
        if response.isUsable || isLast { return try settle(request, answer: key) }
      }
    } catch {
      flight.fail(error)
    }
  }

  private func send(_ request: WriteRequest, key: String, _ log: FlightLog) async throws -> ResponseRecord {
    let stage = context.place.name
    let record = RequestRecord(key: key, clip: request.clip, body: request.chat.canonicalBody)
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

  /// The answer is that of every clip with the same request.
  private func settle(_ request: WriteRequest, answer key: String) throws {
    let clips = waiters.close(key: request.key)
    try context.store.commit(writings: clips.map { ($0, key) }, context.place)
    context.progress.advanced(stage: context.place.name, by: clips.count)
  }

  private func report() {
    for (reason, count) in flight.failures.counts {
      context.progress.note(
        stage: context.place.name,
        counted(count, "request") + " without an answer, to be made again by the next run: \(reason)")
    }
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
