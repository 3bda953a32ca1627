/// Keeps requests back from an endpoint at which everything fails, and lets one go now and then to see whether that is
/// over.
struct CircuitBreaker {
  /// Whether a request may go.
  enum Verdict: Equatable {
    case goes
    /// One may go, as a trial.
    case goesAsTrial
    /// None may before this instant; nil until the trial that is out has ended.
    case waits(until: Double?)
  }

  /// How a failure is to be taken.
  struct Failure {
    enum Kind {
      /// Nobody answers at all.
      case away
      /// Something broke.
      case broken
      /// The endpoint has too much to do: while others are answered that is no outage.
      case overload
    }

    let kind: Kind
    let reason: String
    let isTrial: Bool
    /// How many were in flight when it failed, itself among them.
    var inFlight = 1
  }

  /// Seconds without a single success after which waiting is given up.
  let patience: Double
  /// The last failure's reason, while nothing goes.
  private(set) var reason: String?
  private var failures = 0
  /// When the first of the failures in a row happened.
  private var firstFailure = 0.0
  private var openUntil: Double?
  private var wait = Self.shortestWait
  private var isTrialOut = false

  private static let mostFailures = 8
  private static let shortestWait = 5.0
  private static let longestWait = 60.0

  init(patience: Double) {
    self.patience = patience
  }

  var isOpen: Bool { openUntil != nil }

  func verdict(now: Double) -> Verdict {
    guard let openUntil else { return .goes }
    if isTrialOut { return .waits(until: nil) }
    return now >= openUntil ? .goesAsTrial : .waits(until: openUntil)
  }

  /// What to show of an outage; nil where there is none.
  func outage(now: Double) -> FlowState.Hold? {
    guard let openUntil, let reason else { return nil }
    let left = isTrialOut ? nil : max(0, openUntil - now)
    return .failing(seconds: now - firstFailure, secondsLeft: left, reason: reason)
  }

  mutating func trialGoes() { isTrialOut = true }

  /// The trial ended without telling anything, so that another one may go.
  mutating func trialCameToNothing() { isTrialOut = false }

  /// The endpoint answered. Returns whether that ends an outage.
  mutating func succeed() -> Bool {
    defer { self = CircuitBreaker(patience: patience) }
    return isOpen
  }

  /// A request failed, where answers usually take `usualSeconds`. Returns the seconds since the first failure in the
  /// row once patience has run out.
  mutating func fail(_ failure: Failure, usualSeconds: Double, now: Double) -> Double? {
    if failures == 0 { firstFailure = now }
    failures += 1
    if isOpen {
      reason = failure.reason
      guard failure.isTrial else { return nil }
      isTrialOut = false
      return failAgain(now)
    }
    if failures >= Self.mostFailures, isOutage(failure, seconds: now - firstFailure, usualSeconds) {
      reason = failure.reason
      open(now)
    }
    return nil
  }

  private mutating func failAgain(_ now: Double) -> Double? {
    if now - firstFailure >= patience {
      // Whoever comes later has one go at it.
      openUntil = now
      return now - firstFailure
    }
    wait = min(Self.longestWait, 2 * wait)
    open(now)
    return nil
  }

  private mutating func open(_ now: Double) {
    openUntil = max(now, min(now + wait, firstFailure + patience))
  }

  /// Whether a row of failures that took so many seconds is an outage. Many requests at once that are one too many fail
  /// in an instant, while those before them are still being answered.
  private func isOutage(_ failure: Failure, seconds: Double, _ usualSeconds: Double) -> Bool {
    switch failure.kind {
    case .away: true
    case .broken: seconds >= 1 || failures >= 2 * failure.inFlight
    case .overload: seconds >= min(8, max(2, 3 * usualSeconds))
    }
  }
}
