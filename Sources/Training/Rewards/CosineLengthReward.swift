import Foundation

/// Accuracy that depends on the length: a right completion earns the more the shorter it is, a wrong one loses the more
/// the shorter it is, along half a cosine up to the longest length (arXiv 2502.03373, appendix C.1).
public struct CosineLengthReward: Reward, Equatable {
  /// What a completion earns at length 0 and at the longest length.
  public struct Ends: Sendable, Equatable {
    public var shortest: Double
    public var longest: Double

    public init(shortest: Double, longest: Double) {
      self.shortest = shortest
      self.longest = longest
    }
  }

  public var accuracy: AccuracyReward
  public var right = Ends(shortest: 1, longest: 0.5)
  public var wrong = Ends(shortest: -1, longest: -0.5)
  public var name: String { "length:cosine:\(accuracy.rule.rawValue)" }

  public init(rule: AccuracyReward.Rule = .exact) { accuracy = AccuracyReward(rule: rule) }

  /// `nil` where the right answer or the longest length is not known.
  public func score(_ completion: RewardedCompletion) -> Double? {
    guard completion.maximumTokens > 0, let isRight = accuracy.score(completion) else { return nil }
    let ends = isRight == 1 ? right : wrong
    let progress = min(Double(completion.tokenCount) / Double(completion.maximumTokens), 1)
    return ends.longest + (ends.shortest - ends.longest) * (1 + cos(progress * .pi)) / 2
  }
}
