/// How rewards become advantages.
public struct AdvantageSettings: Sendable, Equatable {
  /// What the distance from the group's mean is divided by.
  public enum Scale: String, CaseIterable, Sendable {
    /// The standard deviation in the group.
    case group
    /// The standard deviation over all groups (arXiv 2508.08221).
    case batch
    /// Nothing (arXiv 2503.20783).
    case none
  }

  /// Whether several rewards are added before they are compared, or after.
  public enum Aggregation: String, CaseIterable, Sendable {
    case sumThenNormalize = "sum_then_normalize"
    /// Each reward is scaled in its group, then the weighted sum over the batch; the scale is not asked (GDPO, arXiv
    /// 2601.05242).
    case normalizeThenSum = "normalize_then_sum"
  }

  public var scale: Scale
  public var aggregation: Aggregation

  public init(scale: Scale = .group, aggregation: Aggregation = .sumThenNormalize) {
    self.scale = scale
    self.aggregation = aggregation
  }
}

/// How the rewards of a group's completions spread.
public struct GroupStatistics: Sendable, Equatable {
  /// Of the weighted sums; `nil` where no completion has one.
  public var mean: Double?
  /// Unbiased; 0 where fewer than two completions have a reward.
  public var standardDeviation: Double
  /// Whether the completions differ in what they are rewarded for, so that there is something to learn from them.
  public var hasSignal: Bool

  public init(mean: Double?, standardDeviation: Double, hasSignal: Bool) {
    self.mean = mean
    self.standardDeviation = standardDeviation
    self.hasSignal = hasSignal
  }

  /// Of rewards, and of what is compared of them.
  fileprivate init(rewards: ArraySlice<Double?>, parts: ArraySlice<Double?>) {
    let spread = Spread(rewards)
    // Less is rounding.
    self.init(mean: spread.mean, standardDeviation: spread.deviation, hasSignal: Spread(parts).deviation > 1e-8)
  }
}

/// How much better than the others of its group each completion is.
public struct Advantages: Sendable, Equatable {
  /// One per completion; 0 where there is no reward, and in groups without signal.
  public private(set) var values: [Double]
  /// The weighted sums of the rewards; `nil` where none applies.
  public private(set) var rewards: [Double?]
  public private(set) var groups: [GroupStatistics]

  /// Added to standard deviations before they divide, as in TRL.
  private static let epsilon = 1e-4

  /// The advantages of completions that stand group after group.
  ///
  /// `scores[completion][reward]` is `nil` where a reward does not apply, see ``RewardScore``; a completion without any
  /// is left out of its group's mean and deviation.
  public init(scores: [[Double?]], weights: [Double], groupSize: Int, settings: AdvantageSettings = .init()) {
    precondition(groupSize > 0 && scores.count.isMultiple(of: groupSize), "\(scores.count) scores of \(groupSize)")
    precondition(scores.allSatisfy { $0.count == weights.count }, "scores of other rewards than the weights")
    let starts = stride(from: 0, to: scores.count, by: groupSize)
    let ranges = starts.map { $0..<($0 + groupSize) }
    let rewards = scores.map { weightedSum($0, weights: weights) }
    var parts = rewards
    if settings.aggregation == .normalizeThenSum {
      parts = ranges.flatMap { Self.scaledSums(scores[$0], weights: weights) }
    }
    self.rewards = rewards
    groups = ranges.map { GroupStatistics(rewards: rewards[$0], parts: parts[$0]) }
    values = Self.values(of: parts, in: Array(zip(ranges, groups)), settings)
  }

  private static func values(
    of parts: [Double?], in groups: [(Range<Int>, GroupStatistics)], _ settings: AdvantageSettings
  ) -> [Double] {
    let batch = Spread(parts[...])
    var values: [Double] = []
    for (range, group) in groups {
      let spread = Spread(parts[range])
      let divisor = divisor(group: spread, batch: batch, settings)
      // Of rewards scaled one by one both this mean and that of the batch are 0.
      values += parts[range].map { part in
        guard group.hasSignal, let part, let mean = spread.mean else { return 0 }
        return (part - mean) / divisor
      }
    }
    return values
  }

  private static func divisor(group: Spread, batch: Spread, _ settings: AdvantageSettings) -> Double {
    switch (settings.aggregation, settings.scale) {
    case (.normalizeThenSum, _), (_, .batch): batch.deviation + epsilon
    case (_, .group): group.deviation + epsilon
    case (_, .none): 1
    }
  }

  /// The weighted sums of a group's rewards after each was centred and scaled.
  private static func scaledSums(_ scores: ArraySlice<[Double?]>, weights: [Double]) -> [Double?] {
    let spreads = weights.indices.map { reward in Spread(scores.lazy.map { $0[reward] }) }
    return scores.map { row in
      weightedSum(zip(row, spreads).map { $1.scaled($0, epsilon: epsilon) }, weights: weights)
    }
  }
}

extension Advantages {
  /// The share of groups in which there is nothing to learn.
  public var shareWithoutSignal: Double {
    groups.isEmpty ? 0 : Double(groups.lazy.filter { !$0.hasSignal }.count) / Double(groups.count)
  }

  /// By TRL's names; without the rewards where no completion has one.
  public var metrics: [String: Double] {
    let spread = Spread(rewards[...])
    var metrics = ["frac_reward_zero_std": shareWithoutSignal]
    guard let mean = spread.mean else { return metrics }
    metrics["reward"] = mean
    metrics["reward_std"] = spread.deviation
    return metrics
  }
}
