import Tensors

/// Thrown by those who hear that questions are being answered, to end that.
struct AnsweringStopped: Error {}

extension PhaseRun {
  /// Has the policy answer the dev part, and notes the score in the checkpoint of this step, where there is one.
  func evaluate(_ position: inout RunPosition) throws {
    guard let scorer else {
      position.owesEvaluation = false
      return
    }
    let (accuracy, length, count): (Double, Double, Int)
    do {
      (accuracy, length, count) = try scorer.score { done, total in
        run.send(.answering(phase: phase.name, part: "dev", done: done, total: total))
        if done < total, run.shouldStop { throw AnsweringStopped() }
      }
    } catch is AnsweringStopped {
      throw TrainingError.interrupted(checkpoint: try saved(position)?.folder ?? save(position))
    }
    position.owesEvaluation = false
    // Nothing right is no score to choose a model by.
    let isBest = position.phaseSteps > 0 && accuracy > position.best?.score ?? 0
    if isBest { position.best = TrainerState.Best(score: accuracy, step: position.step) }
    try logs.append(
      StepMetrics(
        step: position.step, epoch: Double(trainer.consumed) / Double(max(phase.epochLength(of: data.train), 1)),
        values: ["eval_accuracy": accuracy, "eval_completions/mean_length": length]))
    run.send(
      .evaluated(phase: phase.name, step: position.phaseSteps, accuracy: accuracy, count: count, isBest: isBest))
    // What the phase before left is not to be changed.
    if position.phaseSteps > 0 || position.phase == 0, try saved(position) != nil {
      try note(position)
    } else if isBest {
      // The best weights are worth keeping as they are.
      _ = try save(position)
    }
  }

  /// The checkpoint of the step that the run is at.
  private func saved(_ position: RunPosition) throws -> SavedCheckpoint? {
    try CheckpointStore.checkpoints(in: run.folder.checkpoints).first { $0.step == position.step }
  }

  func save(_ position: RunPosition) throws -> String {
    guard run.policy.isFinite else { try stop(.broken(.weights, behind: position.step), position) }
    owesCheckpoint = false
    let folder = try run.store.save(
      try state(position), weights: run.policy.weights(baseName: run.model, layout: run.adapterLayout),
      moments: optimizer.moments.map { OptimizerMoments(name: $0.name, first: $0.first, second: $0.second) })
    try tidy(position)
    run.send(.saved(folder: folder))
    return folder
  }

  /// Brings the state of this step's checkpoint up to date.
  private func note(_ position: RunPosition) throws {
    try run.store.update(try state(position))
    try tidy(position)
  }

  private func state(_ position: RunPosition) throws -> TrainerState {
    try logs.synchronize()
    var position = position
    position.logLengths = logs.lengths
    return try position.state(digests: run.digests(through: position.phase), phase: phase.name, seed: run.seed)
  }

  /// Lets the folder's model be the best checkpoint or else the last, and then removes those that are not needed.
  private func tidy(_ position: RunPosition) throws {
    let all = try CheckpointStore.checkpoints(in: run.folder.checkpoints)
    if let shown = all.first(where: { $0.step == position.best?.step }) ?? all.last {
      run.folder.point(to: shown.folder)
    }
    // While the last steps may turn out to be bad ones, the newest checkpoint from before stays too.
    let isOver = position.phaseSteps >= steps && !position.owesEvaluation && run.isLast(phase: position.phase)
    let doubtful = isOver ? position.watch.badSteps : position.watch.doubtfulSteps
    let sound = doubtful > 0 ? all.last { $0.step <= position.step - doubtful }?.step : nil
    let kept = Set(position.phaseEnds + [position.best?.step, sound].compactMap { $0 })
    try run.store.keep(last: max(1, phase.watch.keep), and: kept)
  }

  /// Ends the run for `reason`, with the model of the folder one from before the trouble.
  func stop(_ reason: StopReason, _ position: RunPosition) throws -> Never {
    let all = try CheckpointStore.checkpoints(in: run.folder.checkpoints)
    let good = all.last { $0.step <= reason.lastGoodStep }
    let best = all.first { $0.step == position.best?.step && $0.step <= reason.lastGoodStep }
    if let shown = best ?? good { run.folder.point(to: shown.folder) }
    throw TrainingError.stopped(reason.description, checkpoint: good?.folder)
  }
}

extension Policy {
  /// Whether every weight that learns is a number.
  fileprivate var isFinite: Bool {
    parameters.allSatisfy { parameter in parameter.value.withUnsafeElements { $0.allSatisfy(\.isFinite) } }
  }
}
