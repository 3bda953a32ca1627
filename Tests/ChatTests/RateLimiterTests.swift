import Testing
import Transfer

@testable import Chat

struct RateLimiterTests {
  /// Sends requests as soon as they may go; returns the instants.
  private func instants(_ count: Int, tokens: Int, of limiter: inout RateLimiter) -> [Double] {
    var now = 0.0
    return (0..<count).map { _ in
      now += limiter.wait(tokens: tokens, now: now)
      _ = limiter.take(tokens: tokens, now: now)
      return now
    }
  }

  @Test func withoutLimitsNothingWaits() {
    var limiter = RateLimiter(RateLimits(), now: 0)

    #expect(instants(1000, tokens: 1_000_000, of: &limiter).last == 0)
    #expect(limiter.limits == RateLimits())
  }

  @Test func requestsAreSpreadOverTheMinute() {
    var limiter = RateLimiter(RateLimits(requestsPerMinute: 60), now: 0)

    let instants = instants(100, tokens: 0, of: &limiter)

    #expect(instants[9] == 0)
    #expect(abs(instants[10] - 1) < 1e-6)
    #expect(abs(instants[99] - 90) < 1e-6)
  }

  @Test func tokensBindWhereTheyAreScarcer() {
    var limiter = RateLimiter(RateLimits(requestsPerMinute: 6000, tokensPerMinute: 60_000), now: 0)

    let instants = instants(101, tokens: 1000, of: &limiter)

    #expect(instants[9] == 0)
    #expect(abs(instants[100] - 91) < 1e-3)
  }

  @Test func aRequestLargerThanTheBucketGoesWhenItIsFullAndIsPaidForAfterwards() {
    var limiter = RateLimiter(RateLimits(tokensPerMinute: 600), now: 0)

    let instants = instants(3, tokens: 1000, of: &limiter)

    #expect(instants[0] == 0)
    #expect(abs(instants[1] - 100) < 1e-3)
    #expect(abs(instants[2] - 200) < 1e-3)
  }

  @Test func whatAnAnswerDidNotUseIsGivenBack() {
    var limiter = RateLimiter(RateLimits(tokensPerMinute: 6000), now: 0)
    _ = limiter.take(tokens: 1000, now: 0)
    #expect(limiter.wait(tokens: 600, now: 0) > 5)

    limiter.correct(estimated: 1000, used: 400, now: 0)

    #expect(limiter.wait(tokens: 600, now: 0) == 0)
    #expect(limiter.wait(tokens: 601, now: 0) > 0)
  }

  @Test func limitsAreLearnedFromAnswers() throws {
    var limiter = RateLimiter(RateLimits(), now: 0)
    let mark = limiter.take(tokens: 50, now: 0)
    let headers = try #require(
      RateHeaders([
        "x-ratelimit-limit-requests": "120", "x-ratelimit-remaining-requests": "3",
        "x-ratelimit-limit-tokens": "6000", "x-ratelimit-remaining-tokens": "5950",
      ]))

    limiter.learn(from: headers, mark, now: 1)

    #expect(limiter.limits == RateLimits(requestsPerMinute: 120, tokensPerMinute: 6000))
    for _ in 0..<3 {
      #expect(limiter.wait(tokens: 1, now: 1) == 0)
      _ = limiter.take(tokens: 1, now: 1)
    }
    #expect(abs(limiter.wait(tokens: 1, now: 1) - 0.5) < 1e-6)
  }

  @Test func whatWentOutSinceIsNotCountedAsLeft() throws {
    var limiter = RateLimiter(RateLimits(), now: 0)
    let mark = limiter.take(tokens: 0, now: 0)
    for _ in 0..<6 { _ = limiter.take(tokens: 0, now: 0) }
    let headers = try #require(
      RateHeaders(["x-ratelimit-limit-requests": "60", "x-ratelimit-remaining-requests": "7"]))

    limiter.learn(from: headers, mark, now: 0)

    #expect(limiter.wait(tokens: 0, now: 0) == 0)
    _ = limiter.take(tokens: 0, now: 0)
    #expect(limiter.wait(tokens: 0, now: 0) == 1)
  }

  @Test func anAnswerOvertakenByALaterOneTeachesNothing() throws {
    var limiter = RateLimiter(RateLimits(), now: 0)
    let (early, late) = (limiter.take(tokens: 0, now: 0), limiter.take(tokens: 0, now: 1))
    func headers(_ remaining: Int) throws -> RateHeaders {
      try #require(
        RateHeaders(["x-ratelimit-limit-requests": "60", "x-ratelimit-remaining-requests": "\(remaining)"]))
    }

    limiter.learn(from: try headers(50), late, now: 2)
    limiter.learn(from: try headers(0), early, now: 2)

    #expect(limiter.wait(tokens: 0, now: 2) == 0)
  }

  @Test func aGivenLimitHoldsWhateverTheEndpointTells() throws {
    var limiter = RateLimiter(RateLimits(requestsPerMinute: 6), now: 0)
    let mark = limiter.take(tokens: 0, now: 0)
    let headers = try #require(
      RateHeaders(["x-ratelimit-limit-requests": "600", "x-ratelimit-remaining-requests": "599"]))

    limiter.learn(from: headers, mark, now: 0)

    #expect(limiter.limits.requestsPerMinute == 6)
    #expect(limiter.wait(tokens: 0, now: 0) == 10)
  }

  /// Groq's limit on requests is for a day.
  @Test func aLimitForADayIsKnownByItsReset() throws {
    var limiter = RateLimiter(RateLimits(), now: 0)
    let mark = limiter.take(tokens: 0, now: 0)
    let headers = try #require(
      RateHeaders([
        "x-ratelimit-limit-requests": "14400", "x-ratelimit-remaining-requests": "14370",
        "x-ratelimit-reset-requests": "2m59.56s",
      ]))

    limiter.learn(from: headers, mark, now: 0)

    #expect(limiter.limits.requestsPerMinute == 10)
    #expect(limiter.wait(tokens: 0, now: 0) == 0)
  }
}

struct RateHeadersTests {
  @Test func namesAreReadWhateverTheirCase() {
    let headers = RateHeaders([
      "Content-Type": "application/json", "X-RateLimit-Limit-Requests": "60", "x-ratelimit-remaining-REQUESTS": "59",
      "x-ratelimit-reset-requests": "1s", "x-ratelimit-limit-tokens": "150000, 150000;w=60",
      "x-ratelimit-remaining-tokens": "149984", "x-ratelimit-reset-tokens": "6m0s",
    ])

    #expect(headers?.requests == RateHeaders.Notice(limit: 60, remaining: 59, reset: 1))
    #expect(headers?.tokens == RateHeaders.Notice(limit: 150_000, remaining: 149_984, reset: 360))
  }

  @Test func theShorterOfTwoTimesCounts() {
    let headers = RateHeaders([
      "x-ratelimit-limit-requests-day": "1000", "x-ratelimit-remaining-requests-day": "999",
      "x-ratelimit-limit-tokens-day": "90000", "x-ratelimit-remaining-tokens-day": "80000",
      "x-ratelimit-limit-tokens-minute": "6000", "x-ratelimit-remaining-tokens-minute": "5000",
      "x-ratelimit-limit-tokens-month": "10", "x-ratelimit-remaining-tokens-month": "1",
    ])

    #expect(headers?.requests == RateHeaders.Notice(limit: 1000, remaining: 999, window: 86_400))
    #expect(headers?.tokens == RateHeaders.Notice(limit: 6000, remaining: 5000, window: 60))
  }

  @Test(
    arguments: [
      [:], ["x-ratelimit-limit-requests": "60"], ["x-ratelimit-remaining-requests": "60"],
      ["x-ratelimit-limit-requests": "lots", "x-ratelimit-remaining-requests": "60"],
      ["x-ratelimit-limit-requests": "0", "x-ratelimit-remaining-requests": "0"],
      ["x-ratelimit-limit-requests": "nan", "x-ratelimit-remaining-requests": "1"],
      ["x-ratelimit-": "60", "x-ratelimit-limit": "60", "x-ratelimit-limit-cats": "1"],
    ] as [[String: String]])
  func whatTellsNoLimitIsNone(fields: [String: String]) {
    #expect(RateHeaders(HTTPHeaders(fields.map { HTTPHeaders.Field(name: $0.key, value: $0.value) })) == nil)
  }

  @Test(
    arguments: [
      ("1s", 1), ("6m0s", 360), ("120ms", 0.12), ("1h2m3.5s", 3723.5), ("2m59.56s", 179.56), ("12", 12), ("0.5", 0.5),
      ("1d", 86_400), ("250µs", 0.00025), ("", nil), ("s", nil), ("1x", nil), ("-1s", nil), ("1.2.3s", nil),
      ("1760000000", nil), ("2026-01-01T00:00:00Z", nil), ("nan", nil), ("inf", nil),
    ] as [(String, Double?)])
  func lengthsOfTimeAreRead(text: String, seconds: Double?) {
    let read = GoDuration.seconds(text)

    #expect((read == nil) == (seconds == nil))
    #expect(abs((read ?? 0) - (seconds ?? 0)) < 1e-9)
  }
}
