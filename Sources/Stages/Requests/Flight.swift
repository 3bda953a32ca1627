import Chat
import Store
import Synchronization

/// The requests under way: how they are faring as a whole, and how to end them without losing what is on the wire.
///
/// They run in tasks of their own, which no cancellation of the stage reaches. When the stage has to stop, those that
/// wait for their turn or for another attempt are cancelled, and the others come to their end.
final class Flight: Sendable {
  /// Requests given up, by reason.
  let failures = Tally()
  /// Attempts that failed, by kind; most are followed by another.
  let attempts = Tally()

  private struct State {
    var tasks: [Int: (task: Task<Void, Never>, log: FlightLog)] = [:]
    var launched = 0
    var isStopping = false
    var hadSuccess = false
    var failuresInARow = 0
    var failure: (any Error)?
  }
  private let state = Mutex(State())
  fileprivate let budget: Budget
  /// So many refusals with no success between them: the endpoint will have none, rather than one request.
  private static let mostFailuresInARow = 8

  init(_ budget: Budget) {
    self.budget = budget
  }

  var isStopping: Bool { state.withLock { $0.isStopping } }
  var hadSuccess: Bool { state.withLock { $0.hadSuccess } }
  /// What ended the flight early, other than a cancellation.
  var failure: (any Error)? { state.withLock { $0.failure } }

  func noteSuccess() {
    state.withLock {
      $0.hadSuccess = true
      $0.failuresInARow = 0
    }
  }

  func launch(_ work: @escaping @Sendable (FlightLog) async -> Void) -> Task<Void, Never> {
    let log = FlightLog(flight: self)
    let number = state.withLock { state in
      state.launched += 1
      return state.launched
    }
    let task = Task {
      await work(log)
      self.state.withLock { _ = $0.tasks.removeValue(forKey: number) }
    }
    state.withLock { $0.tasks[number] = (task, log) }
    return task
  }

  /// No new request goes out from now on.
  func stop() {
    let idle = state.withLock { state in
      state.isStopping = true
      return state.tasks.values.filter { !$0.log.isOnWire }.map(\.task)
    }
    for task in idle { task.cancel() }
  }

  /// A request ended without an answer. Errors that will not go away by themselves stop the flight.
  func fail(_ error: any Error) {
    guard let chat = error as? ChatError else { return end(error) }
    switch chat {
    case .cancelled: return
    case .notRecorded(let cause): if !(cause is CancellationError) { end(cause) }
    case _ where chat.isAuthentication: end(chat)
    case .unanswered, .unreachable, .outOfQuota, .redirected, .pauseTooLong: end(chat)
    case .rejected:
      failures.add("\(chat)")
      let inARow = state.withLock { state in
        state.failuresInARow += 1
        return state.failuresInARow
      }
      if inARow >= Self.mostFailuresInARow { end(StagesError.endpointFailing(failures: inARow, last: "\(chat)")) }
    // One request's own bad luck: where everything fails, the client holds all of them back.
    default: failures.add("\(chat)")
    }
  }

  private func end(_ error: any Error) {
    state.withLock { $0.failure = $0.failure ?? error }
    stop()
  }
}

/// Notes one request's attempts in the store and in the budget: before they go over the wire, and as they end.
final class FlightLog: Sendable {
  private struct State {
    var attempt: Int64?
    /// What is reserved for the attempt under way.
    var reserved: Charge?
    var isOnWire = false
  }
  private let flight: Flight
  private let state = Mutex(State())

  init(flight: Flight) {
    self.flight = flight
  }

  var isOnWire: Bool { state.withLock { $0.isOnWire } }

  /// Throws where the flight is stopping or the budget is spent, so that the request does not go out, or not again.
  func note(
    _ event: AttemptEvent, of request: RequestRecord, _ worst: Charge, stage: String, in store: RunStore
  ) async throws {
    switch event.happening {
    case .sending: try await sending(request, worst, stage: stage, in: store)
    case .failed(let failure):
      flight.attempts.add(failure.kind)
      let attempt = end(as: failure.mayBeBilled ? worst : Charge())
      if let attempt {
        try await store.failed(attempt: attempt, "\(failure)", mayBeBilled: failure.mayBeBilled)
      }
      if flight.isStopping { throw CancellationError() }
    }
  }

  /// Commits the answer to the attempt under way.
  func answered(
    _ response: ResponseRecord, _ charge: Charge, to key: String, stage: String, in store: RunStore
  ) async throws {
    try await store.answered(attempt: state.withLock { $0.attempt }, key: key, stage: stage, response)
    _ = end(as: charge)
  }

  private func sending(
    _ request: RequestRecord, _ worst: Charge, stage: String, in store: RunStore
  ) async throws {
    try await flight.budget.reserve(worst)
    state.withLock { $0 = State(reserved: worst, isOnWire: true) }
    do {
      if flight.isStopping { throw CancellationError() }
      let number = try await store.sending(request, stage: stage, reserving: worst)
      state.withLock { $0.attempt = number }
    } catch {
      _ = end(as: Charge())
      throw error
    }
  }

  /// The attempt that has ended.
  private func end(as actual: Charge) -> Int64? {
    let (attempt, reserved) = state.withLock { state in
      defer { state = State() }
      return (state.attempt, state.reserved)
    }
    if let reserved { flight.budget.settle(reserved, as: actual) }
    return attempt
  }
}

/// Clips whose requests are equal: it is made once, and the answer is everybody's.
final class WaitingClips: Sendable {
  private let state = Mutex<[String: [String]]>([:])

  /// Joins those that wait for the request already; false where nobody does.
  func join(_ clip: String, key: String) -> Bool {
    state.withLock { waiting in
      guard waiting[key] != nil else { return false }
      waiting[key]?.append(clip)
      return true
    }
  }

  func open(_ clip: String, key: String) {
    state.withLock { $0[key, default: []].append(clip) }
  }

  /// All that waited for the request, which has its answer.
  func close(key: String) -> [String] {
    state.withLock { $0.removeValue(forKey: key) ?? [] }
  }
}
