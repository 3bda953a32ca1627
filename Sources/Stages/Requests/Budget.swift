import Store
import Synchronization

/// Keeps what requests cost within limits. A request goes out only where its worst case fits beside what is spent and
/// what those under way may cost at most, so that no limit is ever passed.
final class Budget: Sendable {
  private struct Waiter {
    var id: UInt64
    var worst: Charge
    var then: CheckedContinuation<Result<Void, any Error>, Never>
  }

  private struct State {
    var spent: Spending
    /// Those under way, and what they may cost at most. As requests they are among the spent already.
    var reserved = Spending()
    var waiting: [Waiter] = []
    var lastID: UInt64 = 0
  }

  let limits: SpendingLimits
  private let state: Mutex<State>

  init(_ limits: SpendingLimits, spent: Spending) {
    self.limits = limits
    state = Mutex(State(spent: spent))
  }

  var spent: Spending { state.withLock { $0.spent } }

  /// Takes what a request may cost at most. Waits while others under way may turn out cheaper than they could be; throws
  /// ``StagesError/budgetSpent`` where even then it would not fit.
  func reserve(_ worst: Charge) async throws {
    let id = state.withLock { state in
      state.lastID += 1
      return state.lastID
    }
    let result = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        state.withLock { $0.waiting.append(Waiter(id: id, worst: worst, then: continuation)) }
        admit()
        // A cancellation that came before the lines above found nobody waiting.
        if Task.isCancelled { giveUp(id) }
      }
    } onCancel: {
      giveUp(id)
    }
    try result.get()
  }

  /// As ``reserve(_:)`` but without waiting: false where others under way may yet turn out cheaper than they could be.
  func reserveAtOnce(_ worst: Charge) throws -> Bool {
    try state.withLock { state in
      if let limit = Self.passed(by: worst, state, limits) {
        guard state.reserved.requests == 0 else { return false }
        throw StagesError.budgetSpent(limit: limit, spent: Self.told(state.spent))
      }
      Self.take(worst, &state)
      return true
    }
  }

  /// Counts as under way what an earlier process left so, and which is among what is spent.
  func adopt(_ requests: ReservedRequests) {
    state.withLock { state in
      state.reserved.requests += requests.requests
      state.spent.tokens -= requests.charge.tokens
      state.spent.usd -= requests.charge.usd ?? 0
      state.reserved.tokens += requests.charge.tokens
      state.reserved.usd += requests.charge.usd ?? 0
    }
  }

  /// Puts what a request did cost in the place of what it could.
  func settle(_ worst: Charge, as actual: Charge) {
    settle(ReservedRequests(requests: 1, charge: worst), as: actual)
  }

  /// The same of several together; where nothing of them `wasSent`, they do not count as requests either.
  func settle(_ worst: ReservedRequests, as actual: Charge, wasSent: Bool = true) {
    state.withLock { state in
      state.reserved.requests -= worst.requests
      if !wasSent { state.spent.requests -= worst.requests }
      state.reserved.tokens -= worst.charge.tokens
      // Without the rounding that sums of many would leave.
      state.reserved.usd = state.reserved.requests == 0 ? 0 : state.reserved.usd - (worst.charge.usd ?? 0)
      state.spent.tokens += actual.tokens
      state.spent.usd += actual.usd ?? 0
    }
    admit()
  }

  /// Lets in those who wait, in the order they came, as far as they fit; with nothing under way, one who does not fit now
  /// never will.
  private func admit() {
    while true {
      let next = state.withLock { state -> (Waiter, Result<Void, any Error>)? in
        guard let first = state.waiting.first else { return nil }
        if let limit = Self.passed(by: first.worst, state, limits) {
          guard state.reserved.requests == 0 else { return nil }
          state.waiting.removeFirst()
          return (first, .failure(StagesError.budgetSpent(limit: limit, spent: Self.told(state.spent))))
        }
        state.waiting.removeFirst()
        Self.take(first.worst, &state)
        return (first, .success(()))
      }
      guard let (waiter, result) = next else { return }
      waiter.then.resume(returning: result)
    }
  }

  private func giveUp(_ id: UInt64) {
    let waiter = state.withLock { state -> Waiter? in
      state.waiting.firstIndex { $0.id == id }.map { state.waiting.remove(at: $0) }
    }
    waiter?.then.resume(returning: .failure(CancellationError()))
  }

  private static func take(_ worst: Charge, _ state: inout State) {
    state.reserved.requests += 1
    state.spent.requests += 1
    state.reserved.tokens += worst.tokens
    state.reserved.usd += worst.usd ?? 0
  }

  /// The limit that one more request would pass.
  private static func passed(by worst: Charge, _ state: State, _ limits: SpendingLimits) -> String? {
    if let most = limits.requests, state.spent.requests + 1 > most { return "--max-requests \(most)" }
    if let most = limits.tokens, state.spent.tokens + state.reserved.tokens + worst.tokens > most {
      return "--max-tokens \(most)"
    }
    if let most = limits.usd, state.spent.usd + state.reserved.usd + (worst.usd ?? 0) > most {
      return "--max-usd \(most)"
    }
    return nil
  }

  private static func told(_ spent: Spending) -> String {
    "\(dollars(spent.usd)), \(counted(spent.requests, "request")), \(counted(spent.tokens, "token"))"
  }
}

/// US dollars with as many digits as tell something.
func dollars(_ usd: Double) -> String {
  let digits = usd == 0 || usd >= 1 ? 2 : usd >= 0.01 ? 4 : 6
  let scale = digits == 2 ? 100 : digits == 4 ? 10_000 : 1_000_000
  let units = Int(min((usd * Double(scale)).rounded(), 1e15))
  let fraction = String(units % scale)
  return "$\(units / scale)." + String(repeating: "0", count: digits - fraction.count) + fraction
}
