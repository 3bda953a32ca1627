import Models

/// Training on pairs of a better and a worse answer.
final class DPOTrainer: PhaseTrainer {
  private let tools: PhaseTools
  private let settings: DPOSettings
  private let order: ExampleOrder
  private let known = PairReference()
  private(set) var consumed: Int

  init(_ tools: PhaseTools, settings: DPOSettings, consumed: Int) {
    self.tools = tools
    self.settings = settings
    self.consumed = consumed
    order = ExampleOrder(count: tools.data.count, seed: tools.seed("order", 0))
  }

  func isResumable(after steps: Int) -> Bool { true }

  func step(_ step: Int, samples: Bool) throws -> PhaseStep {
    let turns = order.turns(consumed..<consumed + tools.phase.optimizer.batch)
    consumed += turns.count
    let examples = try tools.examples(turns)
    let clock = ContinuousClock()
    let start = clock.now
    var shown: [SampleGroup] = []
    var generation = 0.0
    let pairs: [DPOPair]
    if settings.pairs == .sampled {
      let groups = try sampledPairs(examples, step: step, shown: samples ? { shown.append($0) } : nil)
      generation = (clock.now - start) / .seconds(1)
      pairs = try scored(groups)
    } else {
      pairs = try zip(turns, examples).compactMap(givenPair)
    }
    // Without dropout, as TRL's: policy and reference are compared, and noise would count as distance.
    let report = try tools.policy.learn(from: pairs, loss: settings.loss, options: tools.options, dropoutSeed: nil)
    let weight = Double(pairs.count)
    return PhaseStep(
      hasGradient: !pairs.isEmpty,
      // Without pairs there is no loss: one that is not a number would end the run.
      measurements: (pairs.isEmpty ? [] : [.mean(.loss, report.loss)])
        + report.statistics.metrics.sorted { $0.key < $1.key }.map {
          .mean(MetricName(rawValue: $0.key), $0.value, weight: weight)
        }, tokenCount: pairs.reduce(0) { $0 + $1.group.tokens.rowCount },
      epoch: Double(consumed) / Double(order.epochLength), samples: shown, generationSeconds: generation)
  }

  private func givenPair(_ turn: ExampleOrder.Turn, _ example: TrainingExample) throws -> DPOPair? {
    guard let chosen = example.target, let rejected = example.rejected else { return nil }
    let completions = try [chosen, rejected].map(tools.prompts.target)
    let group = try tools.prompts.prompt(example, completionTokens: completions.map(\.count).max() ?? 0)
      .group(completions)
    return DPOPair(
      group: group,
      reference: try known.scores(of: group, example: turn.index) {
        try reference.score([$0], policy: tools.policy, options: tools.options)
      })
  }

  /// The best and the worst of some completions of each prompt, where their rewards differ.
  private func sampledPairs(
    _ examples: [TrainingExample], step: Int, shown: ((SampleGroup) -> Void)?
  ) throws -> [PolicyGroup] {
    let prompts = try examples.map { try tools.prompts.prompt($0, completionTokens: settings.maximumTokens) }
    let sampler = RolloutSampler(
      policy: tools.policy, sampling: settings.sampling, maximumTokens: settings.maximumTokens)
    let seeds = prompts.indices.map { tools.seed("completions", step * prompts.count + $0) }
    return try sampler.sample(prompts, count: settings.samples, seeds: seeds).compactMap { rollout in
      let scores = rollout.scores(settings.rewards, maximumTokens: settings.maximumTokens)
      if let shown, rollout.prompt.example.id == examples.first?.id {
        shown(
          rollout.sample(
            step: step, scores: scores, names: settings.rewards.names, advantages: scores.map { _ in 0 },
            model: tools.policy.model))
      }
      let places = scores.indices.filter { scores[$0].total != nil && !rollout.completions[$0].tokens.isEmpty }
      func worth(_ place: Int) -> Double { scores[place].total ?? 0 }
      guard let best = places.max(by: { worth($0) < worth($1) }),
        let worst = places.min(by: { worth($0) < worth($1) }), worth(best) > worth(worst)
      else { return nil }
      return rollout.prompt.group([best, worst].map { rollout.completions[$0].tokens })
    }
  }

  private func scored(_ groups: [PolicyGroup]) throws -> [DPOPair] {
    let rows = try reference.score(groups, policy: tools.policy, options: tools.options)
    return groups.enumerated().map { index, group in
      DPOPair(group: group, reference: PairReference.scores(rows[2 * index..<2 * index + 2]))
    }
  }

  private var reference: ReferenceModel {
    guard let reference = tools.reference else { preconditionFailure("DPO without a reference") }
    return reference
  }
}
