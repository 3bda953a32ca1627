/// Says when the next request may go, for an endpoint's limits on requests and tokens: those that were given, and those
/// that its answers tell.
///
/// Given limits are spread: never more than ten seconds' worth goes at once, as many endpoints count by shorter times
/// than a minute. Of told limits the endpoint knows best what is left. Where there are both, both hold.
struct RateLimiter {
  /// The state of things when a request went out; needed to make sense of what its answer says is left.
  struct Mark: Equatable {
    fileprivate let requests: Double
    fileprivate let tokens: Double
    fileprivate let instant: Double
  }

  private let given: RateLimits
  private var givenRequests: TokenBucket?
  private var givenTokens: TokenBucket?
  private var toldRequests: ToldLimit?
  private var toldTokens: ToldLimit?
  /// All that was taken so far.
  private var takenRequests = 0.0
  private var takenTokens = 0.0

  private static let burstSeconds = 10.0

  init(_ given: RateLimits, now: Double) {
    self.given = given
    givenRequests = Self.bucket(given.requestsPerMinute, now)
    givenTokens = Self.bucket(given.tokensPerMinute, now)
  }

  private static func bucket(_ perMinute: Int?, _ now: Double) -> TokenBucket? {
    perMinute.map { perMinute in
      let rate = Double(max(1, perMinute)) / 60
      return TokenBucket(capacity: max(1, rate * burstSeconds), rate: rate, now: now)
    }
  }

  /// The limits that hold, given or told, for a minute.
  var limits: RateLimits {
    RateLimits(
      requestsPerMinute: Self.stricter(given.requestsPerMinute, toldRequests?.perMinute),
      tokensPerMinute: Self.stricter(given.tokensPerMinute, toldTokens?.perMinute))
  }

  private static func stricter(_ one: Int?, _ other: Int?) -> Int? {
    guard let one, let other else { return one ?? other }
    return min(one, other)
  }

  /// Seconds until a request with this many tokens may go; 0 for at once.
  mutating func wait(tokens: Int, now: Double) -> Double {
    let tokens = Double(tokens)
    return max(
      givenRequests?.wait(for: 1, now: now) ?? 0, givenTokens?.wait(for: tokens, now: now) ?? 0,
      toldRequests?.bucket.wait(for: 1, now: now) ?? 0, toldTokens?.bucket.wait(for: tokens, now: now) ?? 0)
  }

  /// A request goes out.
  mutating func take(tokens: Int, now: Double) -> Mark {
    let amount = Double(tokens)
    givenRequests?.take(1, now: now)
    givenTokens?.take(amount, now: now)
    toldRequests?.bucket.take(1, now: now)
    toldTokens?.bucket.take(amount, now: now)
    takenRequests += 1
    takenTokens += amount
    return Mark(requests: takenRequests, tokens: takenTokens, instant: now)
  }

  /// An answer took `used` tokens where `estimated` were taken for it. Of told limits the endpoint itself keeps count.
  mutating func correct(estimated: Int, used: Int, now: Double) {
    givenTokens?.take(Double(used - estimated), now: now)
  }

  /// Takes in what the answer to the request with `mark` says.
  mutating func learn(from headers: RateHeaders, _ mark: Mark, now: Double) {
    if let notice = headers.requests {
      let since = ToldLimit.Since(taken: takenRequests - mark.requests, instant: mark.instant, now: now)
      Self.learn(notice, since, &toldRequests)
    }
    if let notice = headers.tokens {
      let since = ToldLimit.Since(taken: takenTokens - mark.tokens, instant: mark.instant, now: now)
      Self.learn(notice, since, &toldTokens)
    }
  }

  private static func learn(_ notice: RateHeaders.Notice, _ since: ToldLimit.Since, _ told: inout ToldLimit?) {
    var limit = told ?? ToldLimit(notice, now: since.now)
    limit.learn(notice, since)
    told = limit
  }
}

/// A limit as the endpoint tells it.
private struct ToldLimit {
  /// What happened since the request went out whose answer tells the limit.
  struct Since {
    let taken: Double
    let instant: Double
    let now: Double
  }

  private(set) var limit: Double
  private(set) var window: Double
  var bucket: TokenBucket
  private var freshest = -Double.infinity

  init(_ notice: RateHeaders.Notice, now: Double) {
    limit = notice.limit
    window = Self.window(of: notice) ?? 60
    bucket = TokenBucket(capacity: limit, rate: limit / window, now: now)
  }

  var perMinute: Int { max(1, Int(clamping: limit / window * 60)) }

  mutating func learn(_ notice: RateHeaders.Notice, _ since: Since) {
    // An answer that was long under way knows less than one that went out later and is here already.
    guard since.instant >= freshest else { return }
    freshest = since.instant
    let window = Self.window(of: notice) ?? window
    if notice.limit != limit || window != self.window {
      (limit, self.window) = (notice.limit, window)
      bucket = TokenBucket(capacity: limit, rate: limit / window, now: since.now)
    }
    // Endpoints count when a request comes or when its answer goes, nobody says which: take the smaller.
    let sinceThen = bucket.rate * (since.now - since.instant) - since.taken
    bucket.set(level: notice.remaining + min(0, sinceThen), now: since.now)
  }

  /// The seconds that a limit is for, as far as it can be told. Groq's limit on requests is for a day and its reset
  /// says when all is there again, at a steady rate; nobody's limit for a minute looks like that.
  private static func window(of notice: RateHeaders.Notice) -> Double? {
    if let window = notice.window { return window }
    guard let reset = notice.reset, reset > 90, notice.remaining < notice.limit else { return nil }
    let whole = reset * notice.limit / (notice.limit - notice.remaining)
    return [3600, 86_400].first { abs(whole / $0 - 1) < 0.2 }
  }
}
