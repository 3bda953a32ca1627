import Synchronization

/// Counts requests and tokens against the limits of a minute.
final class RateMeter: Sendable {
  /// What a request is told: the headers of its answer, and why it is turned away if it is.
  struct Decision {
    var headers: [String: String] = [:]
    var refusal: Refusal?
  }

  struct Refusal: Equatable {
    /// "requests" or "tokens".
    var kind: String
    var limit: Int
    var asked: Int
    /// Until there is room; nil where there never is, since the request alone is above the limit.
    var seconds: Double?
  }

  private struct Buckets {
    var requests: TokenBucket?
    var tokens: TokenBucket?
  }

  private let buckets: Mutex<Buckets>
  private let now: @Sendable () -> Double

  /// - Parameter now: seconds of any clock.
  init(_ limits: StandInLimits, now: @escaping @Sendable () -> Double) {
    let start = now()
    buckets = Mutex(
      Buckets(
        requests: limits.requestsPerMinute.map { TokenBucket(perMinute: $0, at: start) },
        tokens: limits.tokensPerMinute.map { TokenBucket(perMinute: $0, at: start) }))
    self.now = now
  }

  /// Admits a request of `tokens` tokens, or says why not.
  func admit(tokens: Int) -> Decision {
    let time = now()
    return buckets.withLock { buckets in
      buckets.requests?.refill(at: time)
      buckets.tokens?.refill(at: time)
      var decision = Decision()
      decision.refusal =
        buckets.requests?.refusal(of: 1, kind: "requests") ?? buckets.tokens?.refusal(of: tokens, kind: "tokens")
      if decision.refusal == nil {
        buckets.requests?.level -= 1
        buckets.tokens?.level -= Double(tokens)
      }
      buckets.requests?.describe(as: "requests", in: &decision.headers)
      buckets.tokens?.describe(as: "tokens", in: &decision.headers)
      return decision
    }
  }
}

/// A minute's allowance, which fills up steadily.
private struct TokenBucket {
  let limit: Int
  var level: Double
  private var time: Double

  init(perMinute limit: Int, at time: Double) {
    self.limit = limit
    self.time = time
    level = Double(limit)
  }

  private var perSecond: Double { Double(limit) / 60 }

  mutating func refill(at now: Double) {
    level = min(Double(limit), level + max(0, now - time) * perSecond)
    time = max(time, now)
  }

  func refusal(of amount: Int, kind: String) -> RateMeter.Refusal? {
    // A hair less is enough: filling up in small steps rounds.
    guard level < Double(amount) - 1e-6 else { return nil }
    let seconds = amount > limit ? nil : (Double(amount) - level) / perSecond
    return RateMeter.Refusal(kind: kind, limit: limit, asked: amount, seconds: seconds)
  }

  func describe(as kind: String, in headers: inout [String: String]) {
    headers["x-ratelimit-limit-\(kind)"] = String(limit)
    headers["x-ratelimit-remaining-\(kind)"] = String(Int(max(0, level)))
    headers["x-ratelimit-reset-\(kind)"] = DurationText.text((Double(limit) - level) / perSecond)
  }
}

/// Durations as OpenAI's headers have them: "12ms", "1.5s", "6m0s", "1h0m2s".
enum DurationText {
  static func text(_ seconds: Double) -> String {
    let milliseconds = Int((max(0, seconds) * 1000 - 1e-6).rounded(.up))
    if milliseconds == 0 { return "0s" }
    if milliseconds < 1000 { return "\(milliseconds)ms" }
    let (whole, part) = (milliseconds / 1000, milliseconds % 1000)
    var text = "\(whole % 60)"
    if part > 0 {
      var digits = String(String(part + 1000).dropFirst())
      while digits.last == "0" { digits.removeLast() }
      text += "." + digits
    }
    text += "s"
    if whole >= 60 { text = "\(whole / 60 % 60)m" + text }
    if whole >= 3600 { text = "\(whole / 3600)h" + text }
    return text
  }
}
