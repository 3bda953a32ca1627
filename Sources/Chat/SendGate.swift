import Synchronization

/// Holds back those who want to send until `TrafficControl` lets them go, and keeps the one clock that wakes them.
final class SendGate: Sendable {
  /// What comes of waiting.
  private enum Turn: Sendable {
    case goes(Permit)
    case cancelled
    case givenUp(TrafficControl.GivenUp)
  }

  private struct State {
    var traffic: TrafficControl
    var waiting: [UInt64: CheckedContinuation<Turn, Never>] = [:]
    var lastID: UInt64 = 0
    var alarm: (due: Double, task: Task<Void, Never>)?
  }

  private typealias Calls = [(CheckedContinuation<Turn, Never>, Turn)]

  private let state: Mutex<State>
  private let pacing: Pacing
  private let endpoint: String

  init(_ endpoint: Endpoint, pacing: Pacing) {
    self.endpoint = endpoint.identity
    self.pacing = pacing
    let traffic = TrafficControl(
      ceiling: endpoint.concurrency, limits: endpoint.limits, patience: endpoint.patience, now: pacing.now())
    state = Mutex(State(traffic: traffic))
  }

  deinit {
    state.withLock { $0.alarm?.task.cancel() }
  }

  /// Waits for the turn of a request that asks for so many tokens. Who gets a permit must `finish`.
  ///
  /// Throws `ChatError.cancelled`, or `ChatError.unanswered` where everything failed for too long.
  func admit(tokens: Int, isReturning: Bool) async throws(ChatError) -> Permit {
    guard !Task.isCancelled else { throw .cancelled }
    if let permit = admitAtOnce(tokens: tokens, isReturning: isReturning) { return permit }
    switch await turn(tokens: tokens, isReturning: isReturning) {
    case .goes(let permit): return permit
    case .cancelled: throw .cancelled
    case .givenUp(let end): throw unanswered(end)
    }
  }

  /// To be called once for each permit, when its request has ended. Returns `ChatError.unanswered` where that was the
  /// last trial of an endpoint at which everything failed for too long.
  func finish(_ permit: Permit, _ outcome: SendOutcome, _ headers: RateHeaders? = nil) -> ChatError? {
    let (end, calls) = state.withLock { state -> (TrafficControl.GivenUp?, Calls) in
      let end = state.traffic.finish(permit, outcome, headers, now: pacing.now())
      var calls: Calls = []
      if let end {
        calls = state.traffic.dismissAll().compactMap { id in
          state.waiting.removeValue(forKey: id).map { ($0, .givenUp(end)) }
        }
      }
      return (end, calls + advance(&state))
    }
    Self.answer(calls)
    return end.map(unanswered)
  }

  /// A picture of this moment.
  var flow: FlowState { state.withLock { $0.traffic.state(now: pacing.now()) } }

  /// The usual case: nobody waits, and nothing is in the way.
  private func admitAtOnce(tokens: Int, isReturning: Bool) -> Permit? {
    state.withLock { state in
      guard state.traffic.waiting == 0 else { return nil }
      let id = Self.nextID(&state)
      state.traffic.join(id, tokens: tokens, isReturning: isReturning)
      if case .admit(_, let permit) = state.traffic.next(now: pacing.now()) { return permit }
      _ = state.traffic.leave(id)
      return nil
    }
  }

  private func turn(tokens: Int, isReturning: Bool) async -> Turn {
    let id = state.withLock { Self.nextID(&$0) }
    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let calls = state.withLock { state in
          state.waiting[id] = continuation
          state.traffic.join(id, tokens: tokens, isReturning: isReturning)
          return advance(&state)
        }
        Self.answer(calls)
        // A cancellation that came before the lines above found nobody waiting.
        if Task.isCancelled { giveUp(id) }
      }
    } onCancel: {
      giveUp(id)
    }
  }

  private static func nextID(_ state: inout State) -> UInt64 {
    state.lastID += 1
    return state.lastID
  }

  private func giveUp(_ id: UInt64) {
    let calls = state.withLock { state -> Calls in
      guard state.traffic.leave(id), let call = state.waiting.removeValue(forKey: id) else { return [] }
      // Who comes next may ask for less.
      return [(call, .cancelled)] + advance(&state)
    }
    Self.answer(calls)
  }

  private func wake(due: Double) {
    let calls = state.withLock { state -> Calls in
      if state.alarm?.due == due { state.alarm = nil }
      return advance(&state)
    }
    Self.answer(calls)
  }

  /// Lets go whoever may, and sets the alarm for whoever may later. Their continuations are to be resumed outside of
  /// the lock.
  private func advance(_ state: inout State) -> Calls {
    var calls: Calls = []
    while true {
      switch state.traffic.next(now: pacing.now()) {
      case .admit(let id, let permit):
        if let call = state.waiting.removeValue(forKey: id) { calls.append((call, .goes(permit))) }
      case .wait(let instant):
        setAlarm(instant, &state)
        return calls
      }
    }
  }

  /// One sleeping task for all who wait; none where nobody waits for an instant.
  private func setAlarm(_ due: Double?, _ state: inout State) {
    guard let due else {
      state.alarm?.task.cancel()
      state.alarm = nil
      return
    }
    if let alarm = state.alarm, alarm.due <= due { return }
    state.alarm?.task.cancel()
    // A little chance, so that several programs that share an endpoint do not go on at once.
    let seconds = max(Self.shortestSleep, due - pacing.now()) * (1 + 0.02 * pacing.jitter())
    let task = Task { [weak self, sleep = pacing.sleep] in
      do { try await sleep(seconds) } catch { return }
      self?.wake(due: due)
    }
    state.alarm = (due, task)
  }

  private static let shortestSleep = 0.002

  private static func answer(_ calls: Calls) {
    for (call, turn) in calls { call.resume(returning: turn) }
  }

  private func unanswered(_ end: TrafficControl.GivenUp) -> ChatError {
    .unanswered(endpoint: endpoint, seconds: end.seconds, last: end.reason)
  }
}
