import Dataset
import Models
import Tensors

/// One phase of a run: steps, and all that is done between them.
final class PhaseRun {
  let run: TrainingRun
  let phase: TrainingPhase
  let data: PhaseData
  let logs: TrainingLogs
  let trainer: any PhaseTrainer
  let optimizer: AdamW
  let steps: Int
  /// Nil where nothing is held out, and where nothing is asked.
  let scorer: DevScorer?
  private var pace = TrainingPace()
  private let clock = ContinuousClock()
  private let began: ContinuousClock.Instant
  /// Whether a checkpoint is due that could not be written yet.
  var owesCheckpoint = false

  /// `moments` is the checkpoint whose optimizer goes on; nil begins anew.
  init(
    run: TrainingRun, phase: TrainingPhase, data: PhaseData, position: RunPosition, logs: TrainingLogs,
    moments: SavedCheckpoint?
  ) throws {
    (self.run, self.phase, self.data, self.logs) = (run, phase, data, logs)
    began = clock.now
    let settings = phase.optimizer
    // Each phase makes choices of its own.
    let seed = stableHash("earshot phase 1", "\(run.seed)", "\(position.phase)", phase.name)
    let tools = PhaseTools(
      policy: run.policy, prompts: run.prompts, phase: phase, data: data.train,
      reference: try Self.reference(phase, run: run, position: position), seed: seed)
    trainer = try Self.trainer(tools, consumed: position.consumed)
    optimizer = AdamW(
      parameters: run.policy.parameters, beta1: settings.beta1, beta2: settings.beta2,
      epsilon: Float(settings.epsilon), weightDecay: Float(settings.weightDecay),
      // As transformers' Trainer: neither norms nor biases shrink.
      decays: { $0.value.shape.count > 1 })
    if let moments, position.phaseSteps > 0 {
      let stored = try moments.moments(of: run.policy.parameters.map { ($0.name, $0.value.shape) })
      try optimizer.restore(
        stored.map { ($0.name, $0.first, $0.second) }, stepCount: position.optimizerSteps)
    }
    steps = phase.stepCount(on: data.train)
    scorer = data.dev.flatMap { set in
      set.composer.form.describes
        ? nil
        : DevScorer(
          policy: run.policy, prompts: tools.prompts, set: set, limit: phase.watch.evaluationLimit,
          maximumTokens: phase.completionTokens)
    }
  }

  private static func trainer(_ tools: PhaseTools, consumed: Int) throws -> any PhaseTrainer {
    switch tools.phase.method {
    case .sft(let settings): SFTTrainer(tools, settings: settings, consumed: consumed)
    case .dpo(let settings): DPOTrainer(tools, settings: settings, consumed: consumed)
    case .grpo(let settings): try GRPOTrainer(tools, settings: settings, consumed: consumed)
    }
  }

  /// The model the phase began with: the base, which a policy with adapters is when they are off, or what the last
  /// checkpoint of the phases before has.
  private static func reference(
    _ phase: TrainingPhase, run: TrainingRun, position: RunPosition
  ) throws -> ReferenceModel? {
    guard phase.needsReference else { return nil }
    let adapts = run.policy.part.lowRank != nil
    guard position.stepsBefore > 0 else {
      return adapts ? .withoutAdapters : try ReferenceModel(checkpoint: run.policy.base)
    }
    let start = try CheckpointStore.checkpoints(in: run.folder.checkpoints).first { $0.step == position.stepsBefore }
    guard let start else { throw TrainingError.noReference(run.folder.checkpoints, step: position.stepsBefore) }
    if adapts { return try ReferenceModel(start: start, policy: run.policy) }
    return try ReferenceModel(checkpoint: Checkpoint(folder: start.folder))
  }

  /// Trains from where `position` says to the phase's last step.
  func run(_ position: inout RunPosition) throws {
    run.send(
      .began(phase: phase.name, step: position.step, steps: steps, parameters: run.policy.parameterCount))
    forgetOtherScore(&position)
    do {
      position.owesEvaluation = evaluates && (position.owesEvaluation || position.phaseSteps == 0)
      if position.owesEvaluation { try evaluate(&position) }
      while position.phaseSteps < steps {
        try step(&position)
        try settle(&position)
      }
    } catch ModelError.notFiniteLogits {
      // Of sampling or of held-out questions, with the weights of the last step.
      try stop(.broken(.logits, behind: position.step), position)
    }
  }

  /// What is to be done behind a step: the checkpoint goes first, for answers to many questions take long.
  private func settle(_ position: inout RunPosition) throws {
    let isLast = position.phaseSteps >= steps
    if evaluates, isLast || isDue(phase.watch.evaluateEvery, position.phaseSteps) { position.owesEvaluation = true }
    let stops = run.shouldStop
    owesCheckpoint = owesCheckpoint || isLast || stops || isDue(phase.watch.saveEvery, position.phaseSteps)
    guard isLast || trainer.isResumable(after: position.phaseSteps) else { return }
    if owesCheckpoint {
      let folder = try save(position)
      if stops, !isLast || position.owesEvaluation { throw TrainingError.interrupted(checkpoint: folder) }
    }
    if position.owesEvaluation { try evaluate(&position) }
  }

  /// Whether there are questions that this phase is watched on.
  private var evaluates: Bool { phase.watch.evaluateEvery > 0 && scorer != nil }

  /// A score on other questions says nothing about which checkpoint is the best.
  private func forgetOtherScore(_ position: inout RunPosition) {
    let before = position.dev
    position.dev = scorer?.mark
    guard let best = position.best, let before, before != position.dev else { return }
    position.best = nil
    position.owesEvaluation = evaluates
    run.send(
      .note(
        "\(phase.name): the dev rows or how they are answered changed, so the best score, of step \(best.step), "
          + "is forgotten."))
  }

  private func isDue(_ interval: Int, _ step: Int) -> Bool { interval > 0 && step % interval == 0 }

  /// One step of the optimizer, and what is to be said about it.
  private func step(_ position: inout RunPosition) throws {
    let start = clock.now
    let index = position.phaseSteps
    position.owesSamples = position.owesSamples || isDue(phase.watch.sampleEvery, index)
    let result = try trainer.step(index, samples: position.owesSamples)
    // Inside of a round there is nothing new to show, but behind it.
    if !result.samples.isEmpty || trainer.isResumable(after: index) { position.owesSamples = false }
    let rate = rate(of: index)
    var measurements = result.measurements + [.latest(.learningRate, rate)]
    if result.hasGradient {
      let norm = update(rate: rate)
      measurements.append(.mean(.gradientNorm, norm))
      if norm.isFinite { position.optimizerSteps += 1 }
    }
    for parameter in run.policy.parameters { parameter.clearGradient() }
    position.phaseSteps += 1
    position.consumed = trainer.consumed
    position.tokens += result.tokenCount
    let seconds = (clock.now - start) / .seconds(1)
    pace.add(seconds: seconds, tokens: result.tokenCount)
    measurements += [.latest(.tokenCount, Double(position.tokens))] + clockMeasurements(result, seconds: seconds)
    try record(measurements, result, &position)
  }

  private func clockMeasurements(_ result: PhaseStep, seconds: Double) -> [Measurement] {
    [
      .mean(.stepTime, seconds), .mean(.tokensPerSecond, Double(result.tokenCount) / max(seconds, 1e-9)),
      .latest(.elapsed, (clock.now - began) / .seconds(1)),
    ] + (result.generationSeconds > 0 ? [.mean(.generationTime, result.generationSeconds)] : [])
  }

  private func rate(of step: Int) -> Double {
    let settings = phase.optimizer
    return settings.learningRate
      * settings.schedule.factor(step: step, warmUpSteps: settings.warmupCount(of: steps), steps: steps)
  }

  /// Clips the gradients and changes the weights, unless the gradients are of no use; returns their norm.
  private func update(rate: Double) -> Double {
    let parameters = run.policy.parameters
    let norm = clipGradients(parameters, maximumNorm: phase.optimizer.maximumGradientNorm ?? .infinity)
    if norm.isFinite { optimizer.step(learningRate: Float(rate)) }
    return norm
  }

  private func record(_ measurements: [Measurement], _ result: PhaseStep, _ position: inout RunPosition) throws {
    var own = RunningMeans()
    own.add(measurements)
    position.window.add(measurements)
    let samples = result.samples.map { sample in
      var sample = sample
      sample.step = position.step
      return sample
    }
    try logs.append(samples)
    for sample in samples { run.send(.sample(sample)) }
    let metrics = StepMetrics(step: position.step, epoch: result.epoch, values: own.take())
    run.send(
      .progress(
        TrainingProgress(
          phase: phase.name, step: position.phaseSteps, total: steps, metrics: metrics,
          tokensPerSecond: pace.tokensPerSecond, secondsLeft: pace.secondsLeft(steps: steps - position.phaseSteps))))
    let reason = position.watch.check(metrics)
    if isDue(phase.watch.logEvery, position.phaseSteps) || position.phaseSteps == steps || reason != nil {
      try logs.append(StepMetrics(step: position.step, epoch: result.epoch, values: position.window.take()))
    }
    if let reason { try stop(reason, position) }
  }
}
