import Chat
import Store

/// How fast requests will go: no faster than so many in flight have their answers, and than the endpoint's limits allow.
struct WritePace {
  /// In words.
  let basis: String
  /// Of one answer, in seconds: the middle one's, and that of the slowest tenth.
  private let usual: Double
  private let slow: Double
  private let inFlight: Double
  private let limits: RateLimits

  init(_ answers: [AnswerSample], _ settings: WriteSettings) {
    let seconds = answers.map(\.seconds).sorted()
    usual = seconds.isEmpty ? 0 : seconds[seconds.count / 2]
    slow = seconds.isEmpty ? 0 : seconds[seconds.count * 9 / 10]
    let endpoints = settings.writers.map(\.access.endpoint)
    inFlight = Double(endpoints.reduce(0) { $0 + $1.concurrency })
    var limits = RateLimits()
    if endpoints.count == 1 {
      limits = answers.first.flatMap { RateLimits(headersJSON: $0.headers) } ?? limits
      limits.requestsPerMinute = endpoints[0].limits.requestsPerMinute ?? limits.requestsPerMinute
      limits.tokensPerMinute = endpoints[0].limits.tokensPerMinute ?? limits.tokensPerMinute
    }
    self.limits = limits
    let told = [
      limits.requestsPerMinute.map { "\($0) requests" }, limits.tokensPerMinute.map { "\($0) tokens" },
    ].compactMap(\.self)
    basis =
      "\((usual * 100).rounded() / 100) s each, at most \(Int(inFlight)) at a time"
      + (told.isEmpty ? "" : ", \(told.joined(separator: " and ")) a minute")
  }

  /// At best all the allowed are in flight all the time; an eighth of them with slow answers is what is told as the worst.
  func seconds(requests: Projection, tokens: Projection) -> Projection {
    Projection(
      low: seconds(requests.low, tokens.low, each: usual, inFlight: inFlight),
      middle: seconds(requests.middle, tokens.middle, each: usual, inFlight: max(1, inFlight / 2)),
      high: seconds(requests.high, tokens.high, each: slow, inFlight: max(1, inFlight / 8)))
  }

  private func seconds(_ requests: Double, _ tokens: Double, each: Double, inFlight: Double) -> Double {
    max(
      requests * each / min(inFlight, max(1, requests)),
      limits.requestsPerMinute.map { requests * 60 / Double($0) } ?? 0,
      limits.tokensPerMinute.map { tokens * 60 / Double($0) } ?? 0)
  }
}
