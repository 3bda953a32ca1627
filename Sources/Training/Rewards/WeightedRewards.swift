/// What the rewards say of one completion.
public struct RewardScore: Sendable, Equatable {
  /// One per reward; `nil` where it does not apply.
  public var values: [Double?]
  /// The weighted sum of those that apply; `nil` where none does.
  public var total: Double?
}

/// The rewards of a run and what each weighs.
public struct WeightedRewards: Sendable {
  public let rewards: [any Reward]
  public let weights: [Double]

  /// Rewards of these weights, each 1 where none are given.
  public init(_ rewards: [any Reward], weights: [Double]? = nil) throws(RewardError) {
    let weights = weights ?? rewards.map { _ in 1 }
    guard !rewards.isEmpty else { throw .noRewards }
    guard rewards.count == weights.count else {
      throw .weightCount(rewards: rewards.count, weights: weights.count)
    }
    var names: Set<String> = []
    for (reward, weight) in zip(rewards, weights) {
      guard names.insert(reward.name).inserted else { throw .repeatedReward(name: reward.name) }
      guard weight.isFinite && weight != 0 else { throw .badWeight(name: reward.name, weight: weight) }
    }
    self.rewards = rewards
    self.weights = weights
  }

  /// The rewards with these names; see ``RewardName``.
  public init(names: [String], weights: [Double]? = nil) throws(RewardError) {
    var rewards: [any Reward] = []
    for name in names { rewards.append(try RewardName(name).reward) }
    try self.init(rewards, weights: weights)
  }

  public var names: [String] { rewards.map(\.name) }

  /// Asks every reward; a reward that is not a number does not apply.
  public func score(_ completion: RewardedCompletion) -> RewardScore {
    let values = rewards.map { reward in
      reward.score(completion).flatMap { $0.isFinite ? $0 : nil }
    }
    return RewardScore(values: values, total: weightedSum(values, weights: weights))
  }

  /// Mean and unbiased deviation of each reward over the completions to which it applies, by TRL's names; without
  /// those that apply to none.
  public func metrics(_ scores: [RewardScore]) -> [String: Double] {
    var metrics: [String: Double] = [:]
    for (place, name) in names.enumerated() {
      let spread = Spread(scores.lazy.map { $0.values[place] })
      guard let mean = spread.mean else { continue }
      metrics["rewards/\(name)/mean"] = mean
      metrics["rewards/\(name)/std"] = spread.deviation
    }
    return metrics
  }
}

/// The sum of the values that are there, times their weights; `nil` where none is.
func weightedSum(_ values: [Double?], weights: [Double]) -> Double? {
  let parts = zip(values, weights).compactMap { value, weight in value.map { $0 * weight } }
  return parts.isEmpty ? nil : parts.reduce(0, +)
}
