import Foundation

/// What the requests did that went out since one moment.
struct GovernorRound {
  /// The sum of a round.
  struct Measure: Equatable {
    /// Requests in flight, on average.
    let load: Double
    /// Seconds of latency for a token of the answer, or for an answer where tokens are not known.
    let pace: Double

    /// In answers a second, or tokens: only ratios mean something.
    var throughput: Double { load / pace }

    /// By which power of the load the throughput grew: 1 where each request more brings as much as those before, 0
    /// where more requests only wait. Nil where the load hardly changed.
    func effect(over before: Measure) -> Double? {
      let change = log(load / before.load)
      guard abs(change) > 0.05 else { return nil }
      return log(throughput / before.throughput) / change
    }
  }

  private let began: Double
  private var count = 0
  private var load = 0.0
  private var seconds = 0.0
  private var weight = 0.0
  private var countWithTokens = 0

  /// What an answer takes besides its tokens, in tokens.
  private static let tokensBesides = 32.0
  /// Too few answers say too little.
  private static let fewest = 8

  init(began: Double = -.infinity) {
    self.began = began
  }

  /// False where the request went out before the round began.
  mutating func add(seconds: Double, tokens: Int?, began: Double, inFlight: Int) -> Bool {
    guard began >= self.began else { return false }
    count += 1
    load += Double(inFlight)
    self.seconds += max(1e-6, seconds)
    if let tokens {
      weight += Self.tokensBesides + Double(max(0, tokens))
      countWithTokens += 1
    }
    return true
  }

  /// Nil until as many came as are wanted for a round.
  func measure(wanted: Int) -> Measure? {
    guard count >= max(Self.fewest, wanted) else { return nil }
    // Answers without a count of tokens weigh as the others do on average.
    let weight = countWithTokens == 0 ? Double(count) : weight * Double(count) / Double(countWithTokens)
    return Measure(load: load / Double(count), pace: seconds / weight)
  }
}
