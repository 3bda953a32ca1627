import Foundation

/// Direct preference optimisation (arXiv 2305.18290): how much more than the reference the policy prefers a chosen
/// completion to a rejected one.
public struct DPOLoss: Sendable, Equatable {
  public enum Kind: String, CaseIterable, Sendable {
    /// `−log σ(β Δ)`.
    case sigmoid
    /// `(Δ − 1/(2β))²`, with log-probabilities per token (arXiv 2310.12036).
    case ipo
    /// `max(0, 1 − β Δ)` (arXiv 2305.10425).
    case hinge
    /// The sigmoid loss that is unbiased when this share of the pairs is the wrong way round (arXiv 2403.00409).
    case robust
  }

  public var type: Kind
  public var beta: Double
  /// The share of pairs taken to be the wrong way round, for ``Kind/robust``: from 0 to below 0.5.
  public var labelSmoothing: Double

  public init(type: Kind = .sigmoid, beta: Double = 0.1, labelSmoothing: Double = 0) {
    self.type = type
    self.beta = beta
    self.labelSmoothing = labelSmoothing
  }

  /// Refuses settings without a meaning.
  public func check() throws(LossError) {
    try LossError.require(beta > 0, "beta", beta, "above 0")
    try LossError.require(
      labelSmoothing >= 0 && labelSmoothing < 0.5, "label_smoothing", labelSmoothing, "from 0 to below 0.5")
    guard labelSmoothing == 0 || type == .robust else {
      throw .excluded(
        setting: "label_smoothing", by: "loss type '\(type.rawValue)'", advice: "Take 'robust', or leave it out.")
    }
  }
}

/// A completion under policy and reference: sums of its tokens' log-probabilities.
public struct ScoredCompletion: Sendable, Equatable {
  public var policy: Double
  public var reference: Double
  /// Tokens that are summed.
  public var length: Int

  public init(policy: Double, reference: Double, length: Int) {
    self.policy = policy
    self.reference = reference
    self.length = length
  }

  var logRatio: Double { policy - reference }
  var meanLogRatio: Double { logRatio / Double(max(length, 1)) }
}

/// Two completions of one prompt.
public struct PreferencePair: Sendable, Equatable {
  public var chosen: ScoredCompletion
  public var rejected: ScoredCompletion

  public init(chosen: ScoredCompletion, rejected: ScoredCompletion) {
    self.chosen = chosen
    self.rejected = rejected
  }
}

/// A batch's part of the loss of an optimizer step.
public struct DPOResult: Sendable, Equatable {
  public var loss: Double
  /// Of the loss by each chosen completion's log-probability under the policy, and so by that of each of its tokens.
  public var chosenGradient: [Double]
  public var rejectedGradient: [Double]
  public var statistics: DPOStatistics
}

extension DPOLoss {
  /// The pairs' part of the mean loss over an optimizer step of `pairCount` pairs.
  public func evaluate(_ pairs: [PreferencePair], pairCount: Int) -> DPOResult {
    var result = DPOResult(loss: 0, chosenGradient: [], rejectedGradient: [], statistics: .init())
    let weight = 1 / Double(max(pairCount, 1))
    for pair in pairs {
      let term = term(of: pair)
      result.loss += weight * term.loss
      // Ipo's margin is of means: a token moves it the less the longer its completion is.
      let isMean = type == .ipo
      result.chosenGradient.append(weight * term.slope / (isMean ? Double(max(pair.chosen.length, 1)) : 1))
      result.rejectedGradient.append(-weight * term.slope / (isMean ? Double(max(pair.rejected.length, 1)) : 1))
      result.statistics.add(pair, beta: beta)
    }
    return result
  }

  /// The pair's loss, and its slope by the margin.
  private func term(of pair: PreferencePair) -> LossTerm {
    let margin = pair.chosen.logRatio - pair.rejected.logRatio
    switch type {
    case .sigmoid: return sigmoidTerm(margin)
    case .ipo:
      let distance = pair.chosen.meanLogRatio - pair.rejected.meanLogRatio - 1 / (2 * beta)
      return LossTerm(loss: distance * distance, slope: 2 * distance)
    case .hinge:
      let rest = 1 - beta * margin
      // `max` would make a broken policy's loss 0.
      return rest <= 0 ? LossTerm(loss: 0, slope: 0) : LossTerm(loss: rest, slope: -beta)
    case .robust:
      let clean = sigmoidTerm(margin)
      let flipped = sigmoidTerm(-margin)
      let scale = 1 - 2 * labelSmoothing
      return LossTerm(
        loss: ((1 - labelSmoothing) * clean.loss - labelSmoothing * flipped.loss) / scale,
        slope: ((1 - labelSmoothing) * clean.slope + labelSmoothing * flipped.slope) / scale)
    }
  }

  /// `−log σ(β margin)` and its slope, without overflow for margins of any size.
  private func sigmoidTerm(_ margin: Double) -> LossTerm {
    let logit = beta * margin
    let small = exp(-logit.magnitude)
    let other = logit > 0 ? small / (1 + small) : 1 / (1 + small)
    return LossTerm(loss: log1p(small) + (logit > 0 ? 0 : -logit), slope: -beta * other)
  }
}
