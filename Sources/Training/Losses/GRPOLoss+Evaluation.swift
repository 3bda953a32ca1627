import Foundation

/// A loss and its derivative by a log-probability.
struct LossTerm: Equatable {
  var loss: Double
  var slope: Double
}

extension GRPOLoss {
  /// The batch's part of the loss of an optimizer step with these totals.
  ///
  /// Weights that stand before a log-probability (of cispo and vespo) are constants to the gradient.
  public func evaluate(_ batch: GRPOBatch, normalisation: GRPONormalisation) -> GRPOResult {
    precondition(beta == 0 || batch.reference != nil, "a beta of \(beta) without a reference")
    var result = GRPOResult(
      loss: 0, gradient: batch.logProbabilities.map { Array(repeating: 0, count: $0.count) }, statistics: .init())
    for row in batch.logProbabilities.indices where !batch.isMasked[row] {
      let completion = Completion(batch, row: row)
      guard completion.count > 0 else { continue }
      let weight = tokenWeight(completionLength: completion.count, normalisation)
      for (token, term) in terms(of: completion, into: &result.statistics).enumerated() {
        result.loss += weight * term.loss
        result.gradient[row][token] = weight * term.slope
      }
    }
    return result
  }

  /// What a token's loss is multiplied with before all are summed.
  private func tokenWeight(completionLength: Int, _ normalisation: GRPONormalisation) -> Double {
    let sequences = Double(max(normalisation.sequenceCount, 1))
    return switch type {
    case .grpo, .sapo: 1 / (sequences * Double(completionLength))
    case .bnpo, .dapo, .cispo, .vespo: 1 / Double(max(normalisation.tokenCount, 1))
    case .drGRPO: 1 / (sequences * Double(maximumCompletionLength))
    case .luspo: 1 / sequences
    }
  }

  /// The loss of each token.
  private func terms(of completion: Completion, into statistics: inout GRPOStatistics) -> [LossTerm] {
    let logRatios = logRatios(of: completion)
    var terms = zip(completion.logProbabilities, logRatios).map { logProbability, logRatio in
      policyTerm(logRatio: logRatio, logProbability: logProbability, advantage: completion.advantage)
    }
    if let reference = completion.reference {
      for token in terms.indices {
        let divergence = divergenceTerm(completion.logProbabilities[token], reference: reference[token])
        statistics.klMean.add(divergence.loss)
        guard beta != 0 else { continue }
        terms[token].loss += beta * divergence.loss
        terms[token].slope += beta * divergence.slope
      }
    }
    for entropy in completion.entropies ?? [] { statistics.entropyMean.add(entropy) }
    countRatios(logRatios, advantage: completion.advantage, into: &statistics)
    return terms
  }
}

/// A row of a batch.
private struct Completion {
  var logProbabilities: [Double]
  var old: [Double]
  var reference: [Double]?
  var entropies: [Double]?
  var advantage: Double

  var count: Int { logProbabilities.count }
  var logRatios: [Double] { zip(logProbabilities, old).map { $0 - $1 } }

  init(_ batch: GRPOBatch, row: Int) {
    logProbabilities = batch.logProbabilities[row]
    old = batch.old?[row] ?? logProbabilities
    reference = batch.reference?[row]
    entropies = batch.entropies?[row]
    advantage = batch.advantages[row]
  }
}

extension GRPOLoss {
  /// The logarithm of the ratio that counts for each token.
  private func logRatios(of completion: Completion) -> [Double] {
    let logRatios = completion.logRatios
    switch (type, importanceSampling) {
    case (.vespo, _):
      // 1e-8 is the smallest ratio in the paper's own code.
      let sum = logRatios.reduce(0) { $0 + limitedLogRatio($1) }
      return logRatios.map { _ in clamped(sum, to: log(1e-8)...logRatioLimit) }
    case (_, .token): return logRatios.map(limitedLogRatio)
    case (_, .sequence):
      // A token moves this mean by one over the length, but is in as many terms: its slope is that of one term.
      let mean = limitedLogRatio(logRatios.reduce(0, +) / Double(logRatios.count))
      return logRatios.map { _ in mean }
    }
  }

  private func policyTerm(logRatio: Double, logProbability: Double, advantage: Double) -> LossTerm {
    let ratio = exp(logRatio)
    switch type {
    case .cispo: return weightedTerm(min(ratio, epsilonHigh) * advantage, logProbability)
    case .vespo: return weightedTerm(gammaWeight(logRatio, advantage: advantage) * advantage, logProbability)
    case .sapo: return softTerm(ratio: ratio, isFlat: isLimit(logRatio), advantage: advantage)
    case .grpo, .bnpo, .drGRPO, .dapo, .luspo:
      return clippedTerm(ratio: ratio, isFlat: isLimit(logRatio), advantage: advantage)
    }
  }

  private func weightedTerm(_ weight: Double, _ logProbability: Double) -> LossTerm {
    LossTerm(loss: -weight * logProbability, slope: -weight)
  }

  private func gammaWeight(_ logRatio: Double, advantage: Double) -> Double {
    let gamma = advantage >= 0 ? vespoPositive : vespoNegative
    return exp(gamma.lambda + gamma.k * logRatio - gamma.lambda * exp(logRatio))
  }

  private func softTerm(ratio: Double, isFlat: Bool, advantage: Double) -> LossTerm {
    let temperature = advantage > 0 ? sapoTemperaturePositive : sapoTemperatureNegative
    let sigmoid = 1 / (1 + exp(-temperature * (ratio - 1)))
    let rest = 1 / (1 + exp(temperature * (ratio - 1)))
    return LossTerm(
      loss: -4 * advantage * sigmoid / temperature, slope: isFlat ? 0 : -4 * advantage * sigmoid * rest * ratio)
  }

  private func clippedTerm(ratio: Double, isFlat: Bool, advantage: Double) -> LossTerm {
    let clipped = clamped(ratio, to: (1 - epsilonLow)...(1 + epsilonHigh))
    let capped = delta.map { min(ratio, $0) } ?? ratio
    let isClipped = capped * advantage > clipped * advantage
    let used = isClipped ? clipped : capped
    // Not `used != ratio`: a ratio that is not a number gives such a slope, so that it shows.
    let isConstant = isFlat || used < ratio || used > ratio
    return LossTerm(loss: -used * advantage, slope: isConstant ? 0 : -ratio * advantage)
  }

  /// The k3 estimator `exp(r) − r − 1` of `r = reference − log-probability`.
  private func divergenceTerm(_ logProbability: Double, reference: Double) -> LossTerm {
    let logRatio = limitedLogRatio(reference - logProbability)
    let ratio = exp(logRatio)
    return LossTerm(loss: ratio - logRatio - 1, slope: isLimit(logRatio) ? 0 : 1 - ratio)
  }

  private func countRatios(_ logRatios: [Double], advantage: Double, into statistics: inout GRPOStatistics) {
    if type == .vespo, let logRatio = logRatios.first {
      return statistics.phiMean.add(gammaWeight(logRatio, advantage: advantage))
    }
    var low = PartialMean()
    var high = PartialMean()
    for logRatio in importanceSampling == .sequence ? logRatios.prefix(1) : logRatios[...] {
      let ratio = exp(logRatio)
      low.add(ratio < 1 - epsilonLow && advantage < 0 ? 1 : 0)
      high.add(ratio > (type == .cispo ? 0 : 1) + epsilonHigh && advantage > 0 ? 1 : 0)
    }
    if clipsRatios {
      statistics.add(low: low, high: high)
    } else if type == .cispo {
      statistics.cispoClips.merge(high)
    }
  }
}
