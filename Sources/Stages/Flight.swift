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

  private struct State {
    var tasks: [Int: (task: Task<Void, Never>, log: FlightLog)] = [:]
    var launched = 0
    var isStopping = false
    var hadSuccess = false
    var failuresInARow = 0
    var failure: (any Error)?
  }
  private let state = Mutex(State())
  /// So many failures with no success between them: the endpoint is down, not a request unlucky.
  private static let mostFailuresInARow = 8

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
    default:
      failures.add("\(chat)")
      let inARow = state.withLock { state in
        state.failuresInARow += 1
        return state.failuresInARow
      }
      if inARow >= Self.mostFailuresInARow { end(StagesError.endpointFailing(failures: inARow, last: "\(chat)")) }
    }
  }

  private func end(_ error: any Error) {
    state.withLock { $0.failure = $0.failure ?? error }
    stop()
  }
}

/// Notes one request's attempts in the store, before they go over the wire and when they fail.
final class FlightLog: Sendable {
  private struct State {
    var attempt: Int64?
    var isOnWire = false
  }
  private let flight: Flight
  private let state = Mutex(State())

  init(flight: Flight) {
    self.flight = flight
  }

  /// The attempt that is under way.
  var attempt: Int64? { state.withLock { $0.attempt } }
  var isOnWire: Bool { state.withLock { $0.isOnWire } }

  /// Throws where the flight is stopping, so that the request does not go out, or not again.
  func note(_ event: AttemptEvent, of request: RequestRecord, stage: String, in store: RunStore) throws {
    switch event.happening {
    case .sending:
      state.withLock { $0.isOnWire = true }
      guard !flight.isStopping else {
        state.withLock { $0.isOnWire = false }
        throw CancellationError()
      }
      let number = try store.sending(request, stage: stage)
      state.withLock { $0.attempt = number }
    case .failed(let failure):
      state.withLock { $0.isOnWire = false }
      if let attempt { try store.failed(attempt: attempt, "\(failure)") }
      if flight.isStopping { throw CancellationError() }
    }
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
