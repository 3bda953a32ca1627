import Chat
import Dataset
import Pipelines
import Store

/// Sends requests of one stage to an endpoint, many at a time, and commits each answer as it comes: raw, before
/// anything is made of it.
struct RequestQueue: Sendable {
  let desk: RequestDesk
  let client: ChatClient
  let context: StageContext
  let waiters = WaitingClips()
  private static let fewestReady = 16
  private let panel: RequestPanel
  private let flight: Flight

  init(_ desk: RequestDesk, client: ChatClient, context: StageContext, budget: Budget, panel: RequestPanel) {
    self.desk = desk
    self.client = client
    self.context = context
    self.panel = panel
    flight = Flight(budget)
  }

  /// What `next` gives goes out, each to `settle` with its last answer's key once that is committed. When the task is
  /// cancelled, or the endpoint fails for good, no new request goes out, and what is on the wire is waited for: it is
  /// paid for.
  func run(
    next: () async throws -> RequestDesk.Open?,
    settle: @escaping @Sendable (EndpointRequest, String) async throws -> Void
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
    _ next: () async throws -> RequestDesk.Open?,
    _ settle: @escaping @Sendable (EndpointRequest, String) async throws -> Void,
    in group: inout ThrowingTaskGroup<Void, any Error>
  ) async throws {
    var isReached = false
    var running = 0
    var width = Self.fewestReady
    var begun = 0
    while !flight.isStopping {
      // Ready requests hold their bodies in memory, so there are not many more than go out.
      if begun % Self.fewestReady == 0 { width = max(Self.fewestReady, 2 * client.flow.allowed) }
      if running < width, let request = try await next() {
        begun += 1
        if !isReached { try await Preparation(desk, client: client, context: context, flight: flight).run() }
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

  /// Sends one request, and those that its answers lead to, until the matter is settled or given up.
  private func answer(
    _ open: RequestDesk.Open, _ settle: @Sendable (EndpointRequest, String) async throws -> Void, _ log: FlightLog
  ) async {
    do {
      // It was looked for in the store when its turn came.
      var (request, answer) = (open.next, try await send(open.next, log))
      while let next = desk.request(after: answer.response, saying: answer.reply, to: request) {
        request = next
        if let stored = try context.store.response(to: next.key) {
          answer = Answer(response: stored)
        } else {
          answer = try await send(next, log)
        }
      }
      try await settle(open.first, request.key)
    } catch {
      flight.fail(error)
    }
  }

  private func send(_ request: EndpointRequest, _ log: FlightLog) async throws -> Answer {
    let (store, stage) = (context.store, context.place.name)
    let record = request.record(at: desk)
    let worst = request.worst(at: desk.price)
    do {
      let raw = try await client.send(request.chat) { event in
        try await log.note(event, of: record, worst, stage: stage, in: store)
      }
      let answer = Answer(raw, to: request, at: desk.price)
      try await log.answered(answer.response, answer.charge, to: request.key, stage: stage, in: store)
      panel.answered(answer.response, answer.charge)
      if answer.reply != nil { flight.noteSuccess() }
      return answer
    } catch let error as ChatError {
      guard case .rejected(_, let status, let excerpt) = error, [400, 413, 422].contains(status), flight.hadSuccess
      else { throw error }
      // The endpoint works, and will not have this one request: that is its answer.
      let response = ResponseRecord(
        status: status, promptTokens: 0, completionTokens: 0, seconds: 0, format: "", headers: "{}",
        body: Array(excerpt.utf8))
      try await store.answered(attempt: nil, key: request.key, stage: stage, response)
      return Answer(response: response)
    }
  }

  /// So many clips have what they waited for.
  func settled(_ clips: Int) {
    show(clips)
    context.progress.advanced(stage: context.place.name, by: clips)
  }

  /// Shows how the requests fare, where the clips are counted elsewhere.
  func show(_ clips: Int) {
    panel.settled(
      clips, flow: { client.flow },
      failures: {
        RequestPanel.Failures(kinds: flight.attempts.counts, givenUp: flight.failures.total)
      })
  }

  private func report() {
    for (reason, count) in flight.failures.counts {
      context.progress.note(
        stage: context.place.name,
        counted(count, "request") + " without an answer, to be made again by the next run: \(reason)")
    }
  }
}
