import Dataset
import Models

/// Group relative policy optimisation: the policy answers each question several times, and learns from what its answers
/// earn compared with each other.
final class GRPOTrainer: PhaseTrainer {
  private let tools: PhaseTools
  private let settings: GRPOSettings
  private let order: ExampleOrder
  private(set) var consumed: Int
  /// The groups of the completions at hand, a slice for each optimizer step.
  private var slices: [[GRPOGroup]] = []

  init(_ tools: PhaseTools, settings: GRPOSettings, consumed: Int) throws {
    self.tools = tools
    self.settings = settings
    self.consumed = consumed
    let seed = tools.seed("order", 0)
    guard let curriculum = settings.curriculum else {
      order = ExampleOrder(count: tools.data.count, seed: seed)
      return
    }
    guard
      let order = ExampleOrder(passRates: tools.data.questions.map(\.passRate), curriculum: curriculum, seed: seed)
    else { throw TrainingError.nothingLeft(phase: tools.phase.name) }
    self.order = order
  }

  /// How many steps train on the same completions.
  private var stepsPerRound: Int { settings.iterations * settings.stepsPerGeneration }

  func isResumable(after steps: Int) -> Bool { steps % stepsPerRound == 0 }

  func step(_ step: Int, samples: Bool) throws -> PhaseStep {
    let place = step % stepsPerRound
    var round: GRPORound?
    // A run that ended between may go on where its steps were raised.
    if place == 0 || slices.isEmpty {
      round = try newRound(step: step, samples: samples)
      slices = round?.slices(settings.stepsPerGeneration) ?? []
      if stepsPerRound > 1 { try rememberPolicy() }
    }
    let groups = slices[place % settings.stepsPerGeneration]
    let (report, hasGradient) = try tools.policy.learn(
      from: groups, loss: settings.loss, options: options, dropoutSeed: tools.seed("dropout", step))
    var result = PhaseStep(
      hasGradient: hasGradient, tokenCount: groups.reduce(0) { $0 + $1.group.tokens.rowCount },
      epoch: Double(consumed) / Double(order.epochLength))
    result.measurements = [.mean(.loss, report.loss)] + Self.measurements(report.statistics, groups)
    if let round {
      result.measurements += round.measurements(settings)
      // A round that is made anew in its middle trains on later groups first, and dropout changes more than roundings.
      if place % settings.stepsPerGeneration == 0, tools.policy.part.lowRank?.dropout ?? 0 == 0 {
        result.measurements += round.samplingDifferences(report.logProbabilities)
      }
      result.samples = round.samples
      result.generationSeconds = round.seconds
    }
    return result
  }

  /// Sampling divides the logits by its temperature, and so does the loss.
  private var options: PassOptions {
    var options = tools.options
    options.temperature = settings.sampling.temperature
    return options
  }

  private static func measurements(_ statistics: GRPOStatistics, _ groups: [GRPOGroup]) -> [Measurement] {
    let tokens = Double(groups.reduce(0) { $0 + $1.group.tokens.completions.reduce(0) { $0 + $1.count } })
    return statistics.metrics.sorted { $0.key < $1.key }.map { name, value in
      switch name {
      case "clip_ratio/low_min": .smallest(.clippedLowSmallest, value)
      case "clip_ratio/high_max": .largest(.clippedHighLargest, value)
      default: .mean(MetricName(rawValue: name), value, weight: tokens)
      }
    }
  }

  /// Completions of the next prompts, with their advantages and what the reference says of them.
  private func newRound(step: Int, samples: Bool) throws -> GRPORound {
    let clock = ContinuousClock()
    let start = clock.now
    let wanted = tools.phase.optimizer.batch * settings.stepsPerGeneration
    var round = GRPORound(settings: settings)
    var missing = wanted
    sampling: while true {
      try round.add(rollouts(missing))
      switch settings.dynamicSampling.decision(groups: round.statistics, wanted: wanted, rounds: round.rounds) {
      case .sample(let count, let places):
        round.keep(places)
        missing = count
      case .train(let places):
        round.keep(places)
        break sampling
      }
    }
    round.finish()
    round.seconds = (clock.now - start) / .seconds(1)
    if settings.loss.beta != 0 { try addReference(to: &round) }
    if samples { round.takeSamples(step: step, model: tools.policy.model) }
    return round
  }

  private func rollouts(_ count: Int) throws -> [Rollout] {
    let first = consumed
    let turns = order.turns(first..<first + count)
    consumed += turns.count
    let prompts = try tools.examples(turns).enumerated().map { place, example in
      var prompt = try tools.prompts.prompt(example, completionTokens: settings.maximumTokens)
      tools.vary(&prompt, with: settings.specAugment, index: first + place)
      return prompt
    }
    let sampler = RolloutSampler(
      policy: tools.policy, sampling: settings.sampling, maximumTokens: settings.maximumTokens)
    let seeds = prompts.indices.map { tools.seed("completions", first + $0) }
    return try sampler.sample(prompts, count: settings.generations, seeds: seeds)
  }

  private func addReference(to round: inout GRPORound) throws {
    guard let reference = tools.reference else { preconditionFailure("a beta without a reference") }
    try score(&round.groups, into: \.reference) {
      try reference.score($0, policy: tools.policy, options: options)
    }
  }

  /// Keeps what the policy that wrote the completions makes of them, before it changes.
  private func rememberPolicy() throws {
    for slice in slices.indices {
      try score(&slices[slice], into: \.old) { try tools.policy.score($0, options: options).logProbabilities }
    }
  }

  /// Scores all groups together that a step learns from; `score` returns a row for each completion.
  private func score(
    _ groups: inout [GRPOGroup], into member: WritableKeyPath<GRPOGroup, [[Double]]?>,
    by score: ([PolicyGroup]) throws -> [[Double]]
  ) throws {
    let places = groups.indices.filter { groups[$0].hasGradient(settings.loss) }
    var rows = try score(places.map { groups[$0].group })[...]
    for place in places {
      let count = groups[place].advantages.count
      groups[place][keyPath: member] = Array(rows.prefix(count))
      rows = rows.dropFirst(count)
    }
  }
}
