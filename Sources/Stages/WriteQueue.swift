import Chat
import Pipelines
import Store
import Synchronization

/// Sends the requests of all pending clips, many at a time, and commits each answer as it comes.
struct WriteQueue: Sendable {
  let settings: WriteSettings
  let client: ChatClient
  let context: StageContext
  private let streak = FailureStreak()
  private let tally = Tally()

  /// So many failures with no success between them end the stage: the endpoint is down, not a request unlucky.
  private static let mostFailuresInARow = 8

  init(settings: WriteSettings, client: ChatClient, context: StageContext) {
    self.settings = settings
    self.client = client
    self.context = context
  }

  func run() async throws {
    var pages = context.pendingPages()
    var waiting = try pages.next()[...]
    var isReached = false
    try await withThrowingTaskGroup(of: Void.self) { group in
      var running = 0
      while !waiting.isEmpty || running > 0 {
        while running < settings.concurrency * 2, let clip = waiting.popFirst() {
          if waiting.isEmpty { waiting = try pages.next()[...] }
          guard let request = try unanswered(clip) else { continue }
          if !isReached { try await reach() }
          isReached = true
          group.addTask { try await answer(request) }
          running += 1
        }
        if running > 0 {
          try await group.next()
          running -= 1
        }
        try Task.checkCancellation()
      }
    }
    report()
  }

  /// The clip's request, where it has captions and no answer yet. An answer that is there already is taken up.
  private func unanswered(_ clip: ClipRecord) throws -> WriteRequest? {
    let captions = try context.store.captions(of: clip.id)
    guard let request = try settings.request(for: clip, captions: captions) else { return nil }
    guard try context.store.hasResponse(to: request.key) else { return request }
    try commit(request)
    return nil
  }

  /// Ends the stage at once where there is no server, or it refuses the key: no request needs to fail for that.
  private func reach() async throws {
    do {
      _ = try await client.models()
    } catch {
      switch error {
      case .unreachable, .unauthorised, .cancelled: throw error
      default: return
      }
    }
  }

  private func commit(_ request: WriteRequest) throws {
    try context.store.commit(writing: request.clip, request: request.key, context.place)
    context.progress.advanced(stage: context.place.name, by: 1)
  }

  /// Sends one request until it is answered or given up; an answer is committed raw before anything is read from it.
  private func answer(_ request: WriteRequest) async throws {
    let stage = context.place.name
    let log = AttemptLog(store: context.store, request: request.record, stage: stage)
    do {
      let response = try await client.send(request.chat) { event in try log.note(event) }
      try context.store.answered(attempt: log.current, key: request.key, stage: stage, ResponseRecord(response))
      streak.reset()
      try commit(request)
    } catch let error as ChatError {
      try giveUp(error)
    }
  }

  private func giveUp(_ error: ChatError) throws {
    if case .notRecorded(let cause) = error { throw cause }
    if case .cancelled = error { throw CancellationError() }
    if error.isAuthentication { throw error }
    tally.add("\(error)")
    if streak.add() >= Self.mostFailuresInARow {
      throw StagesError.endpointFailing(
        endpoint: client.endpoint.identity, failures: Self.mostFailuresInARow, last: "\(error)")
    }
  }

  private func report() {
    for (reason, count) in tally.counts {
      context.progress.note(
        stage: context.place.name, "\(count) clips without an answer, which the next run asks for again: \(reason)")
    }
  }
}

/// Notes in the store what goes over the wire, before it does.
private final class AttemptLog: Sendable {
  private let store: RunStore
  private let request: RequestRecord
  private let stage: String
  private let attempt = Mutex<Int64?>(nil)

  init(store: RunStore, request: RequestRecord, stage: String) {
    self.store = store
    self.request = request
    self.stage = stage
  }

  /// The attempt that is under way.
  var current: Int64? { attempt.withLock { $0 } }

  func note(_ event: AttemptEvent) throws {
    switch event.happening {
    case .sending:
      let number = try store.sending(request, stage: stage)
      attempt.withLock { $0 = number }
    case .failed(let failure):
      if let current { try store.failed(attempt: current, "\(failure)") }
    }
  }
}

private final class FailureStreak: Sendable {
  private let count = Atomic(0)

  func reset() {
    count.store(0, ordering: .relaxed)
  }

  func add() -> Int {
    count.add(1, ordering: .relaxed).newValue
  }
}

extension ResponseRecord {
  init(_ response: RawResponse) {
    let reply = try? ChatReply(parsing: response.body)
    self.init(
      status: response.status, promptTokens: reply?.promptTokens ?? 0, completionTokens: reply?.completionTokens ?? 0,
      seconds: response.seconds, format: response.output.rawValue, headers: response.headersJSON, body: response.body)
  }
}
