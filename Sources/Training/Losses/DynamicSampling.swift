/// Whether groups without signal are replaced by fresh ones before a step (DAPO, arXiv 2503.14476), and how often.
public struct DynamicSampling: Sendable, Equatable {
  /// Rounds of sampling a step may take, the first one counted; 1 replaces nothing.
  public var maximumRounds: Int

  public init(maximumRounds: Int = 1) { self.maximumRounds = maximumRounds }

  /// What comes after a round.
  public enum Decision: Sendable, Equatable {
    /// Samples this many groups more, and keeps those at `places`.
    case sample(count: Int, keeping: [Int])
    /// Trains on the groups at `places`: on fewer than wanted, perhaps none, when the rounds are used up.
    case train(places: [Int])
  }

  /// What to do with the groups sampled for a step so far, those of all rounds in the order they came.
  ///
  /// With a single round groups without signal stay: they change nothing but what the step's loss is divided by.
  public func decision(groups: [GroupStatistics], wanted: Int, rounds: Int) -> Decision {
    guard maximumRounds > 1 else { return .train(places: Array(groups.indices.prefix(wanted))) }
    let informative = groups.indices.filter { groups[$0].hasSignal }
    let kept = Array(informative.prefix(wanted))
    guard kept.count < wanted && rounds < maximumRounds else { return .train(places: kept) }
    return .sample(count: wanted - kept.count, keeping: kept)
  }
}
