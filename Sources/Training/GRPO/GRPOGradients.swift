/// A group of completions with all that a step of GRPO needs to know about it.
struct GRPOGroup {
  var group: PolicyGroup
  /// One per completion.
  var advantages: [Double]
  /// Completions that are left out.
  var isMasked: [Bool]
  /// The completions' log-probabilities under the policy that wrote them; `nil` where that is the policy itself.
  var old: [[Double]]?
  /// The same under the reference model.
  var reference: [[Double]]?

  /// Whether a completion that counts is better or worse than others.
  var hasSignal: Bool { zip(advantages, isMasked).contains { $0 != 0 && !$1 } }

  /// Whether a step that learns can learn from it: without a divergence to hold back, only advantages pull.
  func hasGradient(_ loss: GRPOLoss) -> Bool { hasSignal || (loss.beta != 0 && isMasked.contains(false)) }
}

/// What a step of GRPO saw.
struct GRPOReport {
  var loss = 0.0
  var statistics = GRPOStatistics()
  /// The log-probabilities of the completions of each group, where the step computed them.
  var logProbabilities: [[[Double]]?] = []
}

extension Policy {
  /// Adds the gradients of a step's loss over `groups`; returns whether there were any.
  ///
  /// Groups from which nothing can be learned are not computed at all, but count in what the loss is divided by. Where no
  /// group has a signal there is no step, whatever divergence there is to hold back: it would be all that pulls.
  func learn(
    from groups: [GRPOGroup], loss: GRPOLoss, options: PassOptions, dropoutSeed: UInt64?
  ) throws -> (report: GRPOReport, hasGradient: Bool) {
    let normalisation = GRPONormalisation(
      lengths: groups.flatMap { $0.group.tokens.completions.map(\.count) }, isMasked: groups.flatMap(\.isMasked))
    let hasSignal = groups.contains(where: \.hasSignal)
    let places = groups.indices.filter { hasSignal && groups[$0].hasGradient(loss) }
    var report = GRPOReport(logProbabilities: groups.map { _ in nil })
    try learn(from: places.map { groups[$0].group }, options: options, dropoutSeed: dropoutSeed) { range, scores in
      let part = places[range].map { groups[$0] }
      let result = loss.evaluate(GRPOBatch(part, scores), normalisation: normalisation)
      report.loss += result.loss
      report.statistics.merge(result.statistics)
      var rows = scores.logProbabilities[...]
      for place in places[range] {
        let count = groups[place].advantages.count
        report.logProbabilities[place] = Array(rows.prefix(count))
        rows = rows.dropFirst(count)
      }
      return result.gradient
    }
    return (report, !places.isEmpty)
  }
}

extension GRPOBatch {
  fileprivate init(_ groups: [GRPOGroup], _ scores: CompletionScores) {
    let isOnPolicy = groups.allSatisfy { $0.old == nil }
    var old: [[Double]] = []
    var start = 0
    for group in groups {
      let rows = start..<start + group.advantages.count
      old += group.old ?? Array(scores.logProbabilities[rows])
      start = rows.upperBound
    }
    self.init(
      logProbabilities: scores.logProbabilities, old: isOnPolicy ? nil : old,
      reference: groups.contains { $0.reference == nil } ? nil : groups.flatMap { $0.reference ?? [] },
      entropies: scores.entropies, advantages: groups.flatMap(\.advantages), isMasked: groups.flatMap(\.isMasked))
  }
}
