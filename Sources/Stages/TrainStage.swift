import Foundation
import Pipelines
import Store
import Training

/// One phase of the run's own training, on the weights that the phase before left. What is done is in the checkpoints
/// of RUN/train, which every phase goes on from.
struct TrainStage: Stage {
  let name: String
  let scope = StageScope.set
  let unit = "steps"
  private let training: PipelineTraining
  /// The place of the phase among the training's.
  private let index: Int

  init(_ training: PipelineTraining, phase index: Int) {
    self.training = training
    self.index = index
    name = training.settings.phases[index].name
  }

  var parts: [String: String] { training.parts(of: index) }

  func pending(_ context: StageContext) throws -> Int {
    guard let mark = try TrainingMark(of: name, in: context.store) else { return 1 }
    if try context.isSetCurrent(), try mark.isDone(in: folder(context)) { return 0 }
    return max(1, mark.steps - mark.done)
  }

  func run(_ context: StageContext) async throws -> String {
    let task = try training.task(through: index, in: context.folder)
    var mark = TrainingMark(task)
    if let last = try TrainingMark(of: name, in: context.store), last.fingerprint == task.fingerprint {
      mark = last
      if try mark.isDone(in: folder(context)) { return "nothing it depends on changed; " + summary(mark) }
    }
    try setOutdatedAside(mark, context)
    try mark.save(name, in: context.store)
    let watch = TrainingWatch(mark, context)
    let result = try await train(task, watch, isResumed: try latest(context) != nil)
    mark = watch.mark
    (mark.done, mark.end, mark.accuracy) = (mark.steps, result.steps, result.best?.accuracy)
    try mark.save(name, in: context.store)
    return summary(mark)
  }

  private func train(_ task: TrainingTask, _ watch: TrainingWatch, isResumed: Bool) async throws -> TrainingResult {
    do {
      return try await TrainingThread.run { isCancelled in
        try TrainingRun(
          settings: task.plan.settings, data: task.plan.data, folder: task.plan.folder,
          modelFolder: task.modelFolder, isCancelled: isCancelled, tell: { watch.take($0) }
        ).run(resuming: isResumed)
      }
    } catch TrainingError.interrupted {
      throw CancellationError()
    }
  }

  private func summary(_ mark: TrainingMark) -> String {
    let right = mark.accuracy.map { String(format: "; %.1f%% of held-out questions right", $0 * 100) } ?? ""
    return counted(mark.steps, "step") + " on " + counted(mark.examples, "example") + right
  }

  private func folder(_ context: StageContext) -> TrainingFolder { TrainingFolder(path: context.folder.training) }

  private func latest(_ context: StageContext) throws -> SavedCheckpoint? {
    try CheckpointStore.latest(in: folder(context).checkpoints)
  }
}

extension TrainStage {
  /// Moves the checkpoints away that this training cannot go on from: those of a phase with other settings or data, and
  /// those of phases after it.
  private func setOutdatedAside(_ mark: TrainingMark, _ context: StageContext) throws {
    let isSame = try TrainingMark(of: name, in: context.store)?.fingerprint == mark.fingerprint
    let start = try start(context)
    let outdated = try CheckpointStore.checkpoints(in: folder(context).checkpoints).filter { checkpoint in
      guard checkpoint.step > start || index == 0 else { return false }
      return try !isSame || checkpoint.state().counters["phase"] != index
    }
    guard !outdated.isEmpty else { return }
    let path = try folder(context).setAside(outdated)
    context.progress.note(
      stage: name, "begins anew, for what it depends on changed; the training before is kept in \(path)")
  }

  /// The training's step that this phase begins at.
  private func start(_ context: StageContext) throws -> Int {
    guard index > 0 else { return 0 }
    let before = training.settings.phases[index - 1].name
    return try TrainingMark(of: before, in: context.store)?.end ?? 0
  }

  func forecast(_ context: StageContext, changed: Bool) async throws -> StageForecast {
    guard let task = try? training.task(through: index, in: context.folder) else { return unread }
    let size = " on " + counted(task.examples, "example")
    guard let mark = try TrainingMark(of: name, in: context.store), mark.fingerprint == task.fingerprint else {
      return StageForecast(count: task.steps, unit: unit, text: counted(task.steps, "step") + size)
    }
    if try mark.isDone(in: folder(context)) {
      return StageForecast(count: 0, unit: unit, text: changed ? "no step, as nothing it depends on changed" : nil)
    }
    let left = max(1, task.steps - (try doneSteps(context)))
    return StageForecast(count: left, unit: unit, text: "\(left) of " + counted(task.steps, "step") + size)
  }

  /// Of this phase, in checkpoints.
  private func doneSteps(_ context: StageContext) throws -> Int {
    guard let counters = try latest(context)?.state().counters, counters["phase"] == index else { return 0 }
    return max(0, counters["phase_steps"] ?? 0)
  }

  /// Of a training whose data is not there yet.
  private var unread: StageForecast {
    let phase = training.settings.phases[index]
    guard let steps = phase.optimizer.steps else {
      let epochs = phase.optimizer.epochs
      return StageForecast(
        count: 1, unit: unit,
        text: (epochs == 1 ? "1 epoch" : String(format: "%g epochs", epochs)) + " of the set's training questions")
    }
    return StageForecast(count: steps, unit: unit, text: counted(steps, "step"))
  }
}
