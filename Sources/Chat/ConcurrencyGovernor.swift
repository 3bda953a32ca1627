/// Decides how many requests may be in flight, from how those fare that were: as many as still bring more answers a
/// second, and no more.
///
/// It begins with a few and doubles while throughput grows with them. Where latency grows instead, as at servers that
/// queue what they cannot work on and never refuse anything, it goes back to where that began, and tries a little more
/// or less now and then, as the place moves. It works in rounds of as many answers as requests were allowed; throughput
/// is that many by their mean latency (Little's law), so that only the ratio of two rounds counts. Latency is taken per
/// token of the answer where that is known: long answers are no congestion. Where more than a fifth of those in flight
/// are told within a round trip that there are too many, that cuts at once, and once for all that were in flight then;
/// the way back up stops short of that place and goes on slowly. Single refusals are no reason: busy endpoints give
/// some however few requests they get.
struct ConcurrencyGovernor {
  enum Outcome: Equatable {
    /// `tokens` are those of the answer, where known.
    case answered(seconds: Double, tokens: Int?)
    /// Too many requests, busy, timed out, or no connection.
    case overloaded
  }

  /// Never more than this many.
  let ceiling: Int
  private var limit: Double
  /// Whether every round so far brought more, so that the next one is of twice as many.
  private var isClimbing = true
  private var round = GovernorRound()
  private var attempt: Attempt?
  /// How many were in flight when it last was too much.
  private var brink: Brink?
  private var lastCut = -Double.infinity
  private var burst = Burst()
  /// How long answers take, to know a round trip.
  private var usualSeconds = 0.0
  /// The usual seconds a token, to see when they change all of a sudden.
  private var usualPace: Double?
  /// Whether answers have become slower all of a sudden, or faster.
  private var jump: Bool?
  private var restedRounds = 0
  private var restingRounds = Self.shortestRest
  private var triesMore = true

  private static let start = 8.0
  private static let shortestRest = 4
  private static let longestRest = 16
  private static let cut = 0.7
  private static let few = 4
  private static let burstShare = 0.2

  /// A change of the limit that has to prove itself against the round before it.
  private struct Attempt {
    let limit: Double
    let measure: GovernorRound.Measure
    let isMore: Bool
  }

  private struct Brink {
    var limit: Double
    /// Rounds to stay below it, more each time that it is found at the same place.
    var patience: Int

    /// As near as it is gone quickly.
    var shore: Double { max(1, limit * 0.95) }
  }

  /// Refusals within one round trip.
  private struct Burst {
    var began = -Double.infinity
    var count = 0.0
  }

  init(ceiling: Int) {
    self.ceiling = max(1, ceiling)
    limit = min(Self.start, Double(self.ceiling))
  }

  /// How many requests may be in flight now.
  var allowed: Int { Int(limit) }

  /// One request has ended that `began` at that instant; `inFlight` counts it in.
  mutating func note(_ outcome: Outcome, began: Double, inFlight: Int, now: Double) {
    switch outcome {
    case .overloaded: cut(began: began, inFlight: inFlight, now: now)
    case .answered(let seconds, let tokens):
      usualSeconds += (usualSeconds == 0 ? 1 : 0.1) * (seconds - usualSeconds)
      guard round.add(seconds: seconds, tokens: tokens, began: began, inFlight: inFlight) else { return }
      if let measure = round.measure(wanted: allowed) { finish(measure, now) }
    }
  }

  /// Begins anew, as after an outage: what held before need not hold now.
  mutating func restart(now: Double) {
    self = ConcurrencyGovernor(ceiling: ceiling)
    round = GovernorRound(began: now)
    lastCut = now
  }

  private mutating func cut(began: Double, inFlight: Int, now: Double) {
    // Those that were on their way at the last cut say nothing new.
    guard began > lastCut else { return }
    let reached = min(limit, Double(max(1, inFlight)))
    if now > burst.began + 0.75 * usualSeconds { burst = Burst(began: now) }
    burst.count += 1
    guard burst.count > 1 + Self.burstShare * reached else { return }
    lastCut = now
    burst = Burst()
    let isSamePlace = brink.map { abs($0.limit - reached) <= max(2, 0.2 * reached) } ?? false
    let patience = isSamePlace ? min(2 * (brink?.patience ?? 0), 64) : Self.shortestRest
    brink = Brink(limit: reached, patience: patience)
    isClimbing = false
    change(to: max(1, reached * Self.cut), now)
    restingRounds = 1
    (usualPace, jump) = (nil, nil)
  }

  private mutating func change(to limit: Double, _ now: Double) {
    self.limit = min(max(1, limit), Double(ceiling))
    attempt = nil
    restedRounds = 0
    round = GovernorRound(began: now)
  }

  private mutating func finish(_ measure: GovernorRound.Measure, _ now: Double) {
    round = GovernorRound(began: now)
    if let attempt {
      judge(attempt, measure, now)
    } else if measure.load >= 0.75 * limit {
      rest(measure, now)
    }
  }

  /// A round has ended in which nothing was tried, with as many in flight as were allowed.
  private mutating func rest(_ measure: GovernorRound.Measure, _ now: Double) {
    restedRounds += 1
    if isClimbing { return tryMore(measure, by: 2, now) }
    if hasJumped(measure.pace) { return }
    if let wasSlower = jump {
      jump = nil
      restingRounds = Self.shortestRest
      if wasSlower { tryLess(measure, now) } else { tryMore(measure, by: 2, now) }
    } else if let brink {
      approach(brink, measure, now)
    } else if restedRounds >= restingRounds {
      triesMore.toggle()
      // So few flood nobody, and one fewer costs much.
      if triesMore || allowed <= Self.few { tryMore(measure, by: 1.25, now) } else { tryLess(measure, now) }
    }
  }

  /// Whether answers take half as long again as usual, or less than two thirds. Such a round may have been half as
  /// before: what is to be done is for the next one.
  private mutating func hasJumped(_ pace: Double) -> Bool {
    let usual = usualPace ?? pace
    guard pace < usual / 1.5 || pace > usual * 1.5 else {
      usualPace = 0.8 * usual + 0.2 * pace
      return false
    }
    jump = pace > usual
    usualPace = pace
    return true
  }

  /// On the way back up after a cut: by quarters to just below, and, after some time there, one by one beyond.
  private mutating func approach(_ brink: Brink, _ measure: GovernorRound.Measure, _ now: Double) {
    if limit > brink.limit * 1.15 {
      self.brink = nil
    } else if limit * 1.1 < brink.shore {
      if restedRounds >= restingRounds { tryMore(measure, by: 1.25, now) }
    } else if limit < brink.shore - 0.5 {
      // Too short a step to be judged.
      change(to: brink.shore, now)
    } else if restedRounds >= brink.patience || limit > brink.shore + 0.01 {
      change(to: max(limit, brink.shore) + max(1, 0.02 * limit), now)
    }
  }

  private mutating func tryMore(_ measure: GovernorRound.Measure, by factor: Double, _ now: Double) {
    guard allowed < ceiling else { return giveUpTrying() }
    let most = brink.map { max($0.shore, limit + 1) } ?? .infinity
    begin(min(most, max(limit * factor, limit + 1)), measure, isMore: true, now)
  }

  private mutating func tryLess(_ measure: GovernorRound.Measure, _ now: Double) {
    guard allowed > 1 else { return giveUpTrying() }
    begin(min(limit * 0.75, limit - 1), measure, isMore: false, now)
  }

  private mutating func begin(_ next: Double, _ measure: GovernorRound.Measure, isMore: Bool, _ now: Double) {
    let attempt = Attempt(limit: limit, measure: measure, isMore: isMore)
    change(to: next, now)
    self.attempt = attempt
  }

  private mutating func giveUpTrying() {
    isClimbing = false
    restedRounds = 0
  }

  /// Keeps a change that did what it was meant to: more answers a second, or as many with fewer in flight.
  private mutating func judge(_ attempt: Attempt, _ measure: GovernorRound.Measure, _ now: Double) {
    self.attempt = nil
    let effect = measure.effect(over: attempt.measure)
    switch (attempt.isMore, effect) {
    case (true, let effect?) where effect >= 0.25:
      restingRounds = brink == nil ? Self.shortestRest : 1
      isClimbing = effect >= 0.6 && brink == nil
      usualPace = measure.pace
      if let brink { approach(brink, measure, now) } else { tryMore(measure, by: isClimbing ? 2 : 1.25, now) }
    case (false, let effect?) where effect <= 0.15:
      restingRounds = Self.shortestRest
      usualPace = measure.pace
      tryLess(measure, now)
    default: goBack(to: attempt, measure, effect, now)
    }
  }

  private mutating func goBack(
    to attempt: Attempt, _ measure: GovernorRound.Measure, _ effect: Double?, _ now: Double
  ) {
    let tried = limit
    // After a doubling, the place where the gain ended lies between.
    let gain = effect == nil ? 1 : measure.throughput / attempt.measure.throughput
    let isDoubling = isClimbing && attempt.isMore
    isClimbing = false
    change(to: isDoubling ? min(tried, attempt.limit * max(1, gain)) : attempt.limit, now)
    restingRounds = min(Self.longestRest, restingRounds * 2)
  }
}
