import Foundation

/// Accuracy that depends on the length: a right completion earns the more the shorter it is, a wrong one loses the more
/// the shorter it is, along half a cosine up to the longest length (arXiv 2502.03373, appendix C.1).
///
/// The paper's further penalty at the longest length itself is left out, as TRL leaves it out.
public struct CosineLengthReward: Reward, Equatable {
  /// What a completion earns at length 0 and at the longest length.
  private struct Ends {
    var shortest: Double
    var longest: Double
  }

  public var accuracy: AccuracyReward
  private static let right = Ends(shortest: 1, longest: 0.5)
  private static let wrong = Ends(shortest: -1, longest: -0.5)
  public var name: String { "length:cosine:\(accuracy.rule.rawValue)" }

  public init(rule: AccuracyReward.Rule = .exact) { accuracy = AccuracyReward(rule: rule) }

  /// `nil` where the right answer or the longest length is not known.
  public func score(_ completion: RewardedCompletion) -> Double? {
    guard completion.maximumTokens > 0, let isRight = accuracy.score(completion) else { return nil }
    let ends = isRight == 1 ? Self.right : Self.wrong
    let progress = min(Double(completion.tokenCount) / Double(completion.maximumTokens), 1)
    return ends.longest + (ends.shortest - ends.longest) * (1 + cos(progress * .pi)) / 2
  }
}
