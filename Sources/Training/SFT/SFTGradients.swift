/// What a supervised step saw.
struct SFTReport: Equatable {
  /// The negative logarithm of the probability, averaged over the tokens of the step.
  var loss = 0.0
  var tokenCount = 0
  var rightTokens = 0
  var entropy = 0.0
}

extension Policy {
  /// Adds the gradients of the cross entropy of the only completion of each group, averaged over all tokens of all of them:
  /// over those of the whole optimizer step, whatever passes it takes.
  func learn(targets groups: [PolicyGroup], options: PassOptions, dropoutSeed: UInt64?) throws -> SFTReport {
    let count = groups.reduce(0) { $0 + $1.tokens.completions.reduce(0) { $0 + $1.count } }
    var report = SFTReport(tokenCount: count)
    try learn(from: groups, options: options, dropoutSeed: dropoutSeed) { _, scores in
      for row in scores.logProbabilities.indices {
        report.entropy += scores.entropies[row].reduce(0, +) / Double(count)
        report.rightTokens += scores.areLargest[row].count { $0 }
      }
      return scores.logProbabilities.map { row in
        let (loss, slope) = SFTLoss.evaluate(logProbabilities: row, tokenCount: count)
        report.loss += loss
        return row.map { _ in slope }
      }
    }
    return report
  }
}
