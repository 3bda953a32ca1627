/// Two completions of one prompt, the chosen one first, with their log-probabilities under the reference model.
struct DPOPair {
  var group: PolicyGroup
  /// Sums over the tokens.
  var reference: (chosen: Double, rejected: Double)
}

extension Policy {
  /// Adds the gradients of the mean loss over `pairs`.
  func learn(
    from pairs: [DPOPair], loss: DPOLoss, options: PassOptions, dropoutSeed: UInt64?
  ) throws -> (loss: Double, statistics: DPOStatistics) {
    var (total, statistics) = (0.0, DPOStatistics())
    try learn(from: pairs.map(\.group), options: options, dropoutSeed: dropoutSeed) { range, scores in
      let rows = scores.logProbabilities
      let scored = zip(pairs[range], stride(from: 0, to: rows.count, by: 2)).map { pair, row in
        PreferencePair(
          chosen: ScoredCompletion(
            policy: rows[row].reduce(0, +), reference: pair.reference.chosen, length: rows[row].count),
          rejected: ScoredCompletion(
            policy: rows[row + 1].reduce(0, +), reference: pair.reference.rejected, length: rows[row + 1].count))
      }
      let result = loss.evaluate(scored, pairCount: pairs.count)
      total += result.loss
      statistics.merge(result.statistics)
      return rows.indices.map { row in
        let slope = row % 2 == 0 ? result.chosenGradient[row / 2] : result.rejectedGradient[row / 2]
        return rows[row].map { _ in slope }
      }
    }
    return (total, statistics)
  }
}
