/// What a loss saw of the policy, over the completions that are not masked. Means are over tokens; where ratios are of
/// whole sequences, over sequences.
public struct GRPOStatistics: Sendable, Equatable {
  var klMean = PartialMean()
  var entropyMean = PartialMean()
  var lowClips = PartialMean()
  var highClips = PartialMean()
  var cispoClips = PartialMean()
  var phiMean = PartialMean()
  /// Over completions, of the share of their tokens that are clipped.
  private(set) var leastLow: Double?
  private(set) var mostHigh: Double?

  public init() {}

  /// Divergence from the reference by the k3 estimator, in nats a token; `nil` without a reference.
  public var kl: Double? { klMean.mean }
  /// In nats a token; `nil` where the batches had none.
  public var entropy: Double? { entropyMean.mean }

  /// Adds the clips of one completion.
  mutating func add(low: PartialMean, high: PartialMean) {
    lowClips.merge(low)
    highClips.merge(high)
    leastLow = [leastLow, low.mean].compactMap { $0 }.min()
    mostHigh = [mostHigh, high.mean].compactMap { $0 }.max()
  }

  /// Adds what another batch of the step saw.
  public mutating func merge(_ other: GRPOStatistics) {
    klMean.merge(other.klMean)
    entropyMean.merge(other.entropyMean)
    lowClips.merge(other.lowClips)
    highClips.merge(other.highClips)
    cispoClips.merge(other.cispoClips)
    phiMean.merge(other.phiMean)
    leastLow = [leastLow, other.leastLow].compactMap { $0 }.min()
    mostHigh = [mostHigh, other.mostHigh].compactMap { $0 }.max()
  }

  /// By TRL's names; those that the loss has.
  public var metrics: [String: Double] {
    var metrics: [String: Double] = [:]
    metrics["kl"] = kl
    metrics["entropy"] = entropy
    metrics["cispo_clip_ratio"] = cispoClips.mean
    metrics["vespo/phi_seq_mean"] = phiMean.mean
    if let low = lowClips.mean, let high = highClips.mean {
      metrics["clip_ratio/low_mean"] = low
      metrics["clip_ratio/low_min"] = leastLow
      metrics["clip_ratio/high_mean"] = high
      metrics["clip_ratio/high_max"] = mostHigh
      metrics["clip_ratio/region_mean"] = low + high
    }
    return metrics
  }
}
