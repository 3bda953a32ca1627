/// How far the policy has moved from the reference on pairs; means over them.
public struct DPOStatistics: Sendable, Equatable {
  private var chosen = PartialMean()
  private var rejected = PartialMean()
  private var accuracies = PartialMean()
  private var margins = PartialMean()
  private var chosenLogProbability = PartialMean()
  private var rejectedLogProbability = PartialMean()

  public init() {}

  /// The share of pairs whose chosen completion has the larger reward; `nil` without pairs.
  public var accuracy: Double? { accuracies.mean }
  /// Of the chosen completion's reward over the rejected one's.
  public var margin: Double? { margins.mean }

  mutating func add(_ pair: PreferencePair, beta: Double) {
    let (reward, other) = (beta * pair.chosen.logRatio, beta * pair.rejected.logRatio)
    chosen.add(reward)
    rejected.add(other)
    accuracies.add(reward > other ? 1 : 0)
    margins.add(reward - other)
    chosenLogProbability.add(pair.chosen.policy)
    rejectedLogProbability.add(pair.rejected.policy)
  }

  /// Adds what another batch of the step saw.
  public mutating func merge(_ other: DPOStatistics) {
    chosen.merge(other.chosen)
    rejected.merge(other.rejected)
    accuracies.merge(other.accuracies)
    margins.merge(other.margins)
    chosenLogProbability.merge(other.chosenLogProbability)
    rejectedLogProbability.merge(other.rejectedLogProbability)
  }

  /// By TRL's names; empty without pairs.
  public var metrics: [String: Double] {
    var metrics: [String: Double] = [:]
    metrics["rewards/chosen"] = chosen.mean
    metrics["rewards/rejected"] = rejected.mean
    metrics["rewards/accuracies"] = accuracies.mean
    metrics["rewards/margins"] = margins.mean
    metrics["logps/chosen"] = chosenLogProbability.mean
    metrics["logps/rejected"] = rejectedLogProbability.mean
    return metrics
  }
}
