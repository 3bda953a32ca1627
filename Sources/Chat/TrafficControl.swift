/// What lets a request go out; to be given back when it has ended.
struct Permit: Equatable {
  /// Whether it goes to see if the endpoint works again.
  let isTrial: Bool
  /// The tokens that were taken for it.
  fileprivate let tokens: Int
  fileprivate let mark: RateLimiter.Mark
}

/// How a request ended that was let out.
enum SendOutcome: Equatable {
  /// Never went out, or was taken back by its sender.
  case unsent
  /// An answer to what was asked, in so many seconds since `began`.
  case answered(began: Double, seconds: Double, usage: TokenUsage?)
  /// An answer that the endpoint works, but refuses this request.
  case refused
  /// Too much for the endpoint: 429, 503, timeouts and the like; it is not there at all where no connection came about.
  case overloaded(began: Double, isAway: Bool, reason: String)
  /// The endpoint says when it will take requests again.
  case toldToWait(began: Double, seconds: Double, reason: String)
  /// Broken in another way.
  case failed(reason: String)
}

/// Who may send when: requests wait in one line for a place in flight, for the limits on requests and tokens, and for
/// the end of a pause or an outage. All of it is decided here, from instants that are handed in.
struct TrafficControl {
  /// What is to be done next.
  enum Step: Equatable {
    case admit(UInt64, Permit)
    /// Nobody may go before this instant; nil until something ends or comes.
    case wait(until: Double?)
  }

  /// Seconds without a success, and the last reason, when waiting is given up.
  struct GivenUp: Equatable {
    let seconds: Double
    let reason: String
  }

  private var line = WaitingLine()
  private var inFlight = 0
  private var governor: ConcurrencyGovernor
  private var limiter: RateLimiter
  private var breaker: CircuitBreaker
  private var meter = FlowMeter()
  private var pausedUntil = -Double.infinity
  private var pauseReason = ""

  init(ceiling: Int, limits: RateLimits, patience: Double, now: Double) {
    governor = ConcurrencyGovernor(ceiling: ceiling)
    limiter = RateLimiter(limits, now: now)
    breaker = CircuitBreaker(patience: patience)
  }

  /// How many wait.
  var waiting: Int { line.count }
  /// How many may be in flight.
  var allowed: Int { governor.allowed }

  mutating func join(_ id: UInt64, tokens: Int, isReturning: Bool) {
    line.join(id, tokens: tokens, isReturning: isReturning)
  }

  /// False where it waits no more.
  mutating func leave(_ id: UInt64) -> Bool { line.leave(id) }

  mutating func next(now: Double) -> Step {
    guard inFlight < governor.allowed, let (id, tokens) = line.first() else { return .wait(until: nil) }
    if pausedUntil > now { return .wait(until: pausedUntil) }
    let verdict = breaker.verdict(now: now)
    if case .waits(let instant) = verdict { return .wait(until: instant) }
    let wait = limiter.wait(tokens: tokens, now: now)
    if wait > 0 { return .wait(until: now + wait) }
    _ = line.leave(id)
    inFlight += 1
    if verdict == .goesAsTrial { breaker.trialGoes() }
    let mark = limiter.take(tokens: tokens, now: now)
    return .admit(id, Permit(isTrial: verdict == .goesAsTrial, tokens: tokens, mark: mark))
  }

  /// Takes back the permit of a request that has ended. What its answer's headers say of limits is learned.
  mutating func finish(_ permit: Permit, _ outcome: SendOutcome, _ headers: RateHeaders?, now: Double) -> GivenUp? {
    defer { inFlight -= 1 }
    if let headers { limiter.learn(from: headers, permit.mark, now: now) }
    switch outcome {
    case .unsent:
      limiter.correct(estimated: permit.tokens, used: 0, now: now)
      if permit.isTrial { breaker.trialCameToNothing() }
    case .answered(let began, let seconds, let usage): answered(permit, began, seconds, usage, now)
    case .refused: works(now)
    case .overloaded(let began, let isAway, let reason):
      governor.note(.overloaded, began: began, inFlight: inFlight, now: now)
      return failed(permit, isAway ? .away : .overload, reason, now)
    case .toldToWait(let began, let seconds, let reason):
      governor.note(.overloaded, began: began, inFlight: inFlight, now: now)
      if permit.isTrial { breaker.trialCameToNothing() }
      pause(until: now + seconds, reason)
    case .failed(let reason): return failed(permit, .broken, reason, now)
    }
    return nil
  }

  /// Everybody who waits, told to wait no more.
  mutating func dismissAll() -> [UInt64] { line.empty() }

  private mutating func answered(
    _ permit: Permit, _ began: Double, _ seconds: Double, _ usage: TokenUsage?, _ now: Double
  ) {
    meter.add(seconds: seconds, tokens: usage?.total ?? 0, now: now)
    if let usage { limiter.correct(estimated: permit.tokens, used: usage.total, now: now) }
    works(now)
    let outcome = ConcurrencyGovernor.Outcome.answered(seconds: seconds, tokens: usage?.completion)
    governor.note(outcome, began: began, inFlight: inFlight, now: now)
  }

  private mutating func works(_ now: Double) {
    if breaker.succeed() { governor.restart(now: now) }
  }

  private mutating func failed(
    _ permit: Permit, _ kind: CircuitBreaker.Failure.Kind, _ reason: String, _ now: Double
  ) -> GivenUp? {
    let failure = CircuitBreaker.Failure(kind: kind, reason: reason, isTrial: permit.isTrial, inFlight: inFlight)
    let silence = breaker.fail(failure, usualSeconds: meter.usualSeconds, now: now)
    return silence.map { GivenUp(seconds: $0, reason: reason) }
  }

  private mutating func pause(until instant: Double, _ reason: String) {
    guard instant > pausedUntil else { return }
    (pausedUntil, pauseReason) = (instant, reason)
  }
}

extension TrafficControl {
  /// A picture for those who watch.
  mutating func state(now: Double) -> FlowState {
    let minute = meter.lastMinute(now: now)
    return FlowState(
      inFlight: inFlight, allowed: governor.allowed, waiting: line.count, hold: hold(now: now), limits: limiter.limits,
      requestsPerMinute: minute.answers, tokensPerMinute: minute.tokens, medianSeconds: meter.medianSeconds)
  }

  private mutating func hold(now: Double) -> FlowState.Hold? {
    if let outage = breaker.outage(now: now) { return outage }
    if pausedUntil > now { return .toldToWait(secondsLeft: pausedUntil - now, reason: pauseReason) }
    guard inFlight < governor.allowed, let tokens = line.first()?.tokens else { return nil }
    let wait = limiter.wait(tokens: tokens, now: now)
    return wait > 0 ? .limits(secondsLeft: wait) : nil
  }
}
