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
      result.measurements += round.measurements(settings) + round.samplingDifferences(report.logProbabilities)
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
    let places = round.groups.indices.filter { round.groups[$0].hasGradient(settings.loss) }
    var rows = try reference.score(
      places.map { round.groups[$0].group }, policy: tools.policy, options: options)[...]
    for place in places {
      let count = round.groups[place].advantages.count
      round.groups[place].reference = Array(rows.prefix(count))
      rows = rows.dropFirst(count)
    }
  }

  /// Keeps what the policy that wrote the completions makes of them, before it changes.
  private func rememberPolicy() throws {
    for slice in slices.indices {
      let places = slices[slice].indices.filter { slices[slice][$0].hasGradient(settings.loss) }
      var rows = try tools.policy.score(places.map { slices[slice][$0].group }, options: options)
        .logProbabilities[...]
      for place in places {
        let count = slices[slice][place].advantages.count
        slices[slice][place].old = Array(rows.prefix(count))
        rows = rows.dropFirst(count)
      }
    }
  }
}
