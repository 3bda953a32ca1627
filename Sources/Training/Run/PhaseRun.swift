import Dataset
import Models
import Tensors

/// One phase of a run: steps, and all that is done between them.
final class PhaseRun {
  private let run: TrainingRun
  private let phase: TrainingPhase
  private let data: PhaseData
  private let logs: TrainingLogs
  private let trainer: any PhaseTrainer
  private let optimizer: AdamW
  private let steps: Int
  private let scorer: DevScorer?
  private var pace = TrainingPace()
  private let clock = ContinuousClock()
  private let began: ContinuousClock.Instant
  /// Whether a checkpoint is due that could not be written yet.
  private var owesCheckpoint = false

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
    scorer = data.dev.map {
      DevScorer(
        policy: run.policy, prompts: tools.prompts, set: $0, limit: phase.watch.evaluationLimit,
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
    if position.phaseSteps == 0, phase.watch.evaluateEvery > 0 { try evaluate(&position) }
    while position.phaseSteps < steps {
      try step(&position)
      let isLast = position.phaseSteps == steps
      if isDue(phase.watch.evaluateEvery, position.phaseSteps) || (isLast && phase.watch.evaluateEvery > 0) {
        try evaluate(&position)
      }
      let stops = run.shouldStop
      owesCheckpoint = owesCheckpoint || isLast || stops || isDue(phase.watch.saveEvery, position.phaseSteps)
      guard owesCheckpoint, isLast || trainer.isResumable(after: position.phaseSteps) else { continue }
      let folder = try save(position)
      if stops && !isLast { throw TrainingError.interrupted(checkpoint: folder) }
    }
  }

  private func isDue(_ interval: Int, _ step: Int) -> Bool { interval > 0 && step % interval == 0 }

  /// One step of the optimizer, and what is to be said about it.
  private func step(_ position: inout RunPosition) throws {
    let start = clock.now
    let index = position.phaseSteps
    let result = try trainer.step(index, samples: isDue(phase.watch.sampleEvery, index))
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
    for sample in result.samples {
      var sample = sample
      sample.step = position.step
      try logs.append(sample)
      run.send(.sample(sample))
    }
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

  private func evaluate(_ position: inout RunPosition) throws {
    guard let scorer else { return }
    let (accuracy, length, count) = try scorer.score()
    let isBest = position.phaseSteps > 0 && accuracy > position.best?.score ?? -1
    if isBest { position.best = TrainerState.Best(score: accuracy, step: position.step) }
    try logs.append(
      StepMetrics(
        step: position.step, epoch: Double(trainer.consumed) / Double(max(phase.epochLength(of: data.train), 1)),
        values: ["eval_accuracy": accuracy, "eval_completions/mean_length": length]))
    run.send(
      .evaluated(phase: phase.name, step: position.phaseSteps, accuracy: accuracy, count: count, isBest: isBest))
    // The best weights are worth keeping as they are.
    if isBest { owesCheckpoint = true }
  }

  private func save(_ position: RunPosition) throws -> String {
    owesCheckpoint = false
    try logs.synchronize()
    var position = position
    position.logLengths = logs.lengths
    let folder = try run.store.save(
      try position.state(digests: run.digests(through: position.phase), phase: phase.name, seed: run.seed),
      weights: run.policy.weights(baseName: run.model, layout: run.adapterLayout),
      moments: optimizer.moments.map { OptimizerMoments(name: $0.name, first: $0.first, second: $0.second) })
    // While the last steps may turn out to be bad ones, the newest checkpoint from before stays too.
    let doubtful = position.watch.doubtfulSteps
    let sound = doubtful > 0 ? try checkpoint(atMost: position.step - doubtful)?.step : nil
    let kept = Set(position.phaseEnds + [position.best?.step, sound].compactMap { $0 })
    try run.store.keep(last: max(1, phase.watch.keep), and: kept)
    let best = try CheckpointStore.checkpoints(in: run.folder.checkpoints).first { $0.step == position.best?.step }
    run.folder.point(to: best?.folder ?? folder)
    run.send(.saved(folder: folder))
    return folder
  }

  /// The newest one of a step up to this.
  private func checkpoint(atMost step: Int) throws -> SavedCheckpoint? {
    try CheckpointStore.checkpoints(in: run.folder.checkpoints).last { $0.step <= step }
  }

  /// Ends the run for `reason`, with the model of the folder one from before the trouble.
  private func stop(_ reason: StopReason, _ position: RunPosition) throws -> Never {
    let good = try checkpoint(atMost: reason.lastGoodStep)
    let best = position.best.flatMap { $0.step <= reason.lastGoodStep ? $0.step : nil }
    let shown = try best.flatMap { try checkpoint(atMost: $0) } ?? good
    if let shown { run.folder.point(to: shown.folder) }
    throw TrainingError.stopped(reason.description, checkpoint: good?.folder)
  }
}
