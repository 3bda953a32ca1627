import Dataset
import Foundation
import Judging
import Models
public import Pipelines
import Reports
import Stages
import Training

/// An experiment from its sets to its report: what is there already is not made again.
public struct ExperimentRun: Sendable {
  public let experiment: Experiment
  public let folder: ExperimentFolder
  /// The version of the program.
  public var program: String
  public var threads = ProcessInfo.processInfo.activeProcessorCount
  private let tell: @Sendable (ExperimentEvent) -> Void
  private let progress: any ProgressReporter

  /// `progress` hears of the making of sets, `tell` of all else.
  public init(
    _ experiment: Experiment, in folder: ExperimentFolder, program: String, progress: any ProgressReporter,
    tell: @escaping @Sendable (ExperimentEvent) -> Void
  ) {
    (self.experiment, self.folder, self.program) = (experiment, folder, program)
    (self.progress, self.tell) = (progress, tell)
  }

  /// Does what is missing, writes the report, and returns what came of it.
  public func run() async throws -> ExperimentResult {
    let lock = try RunLock(RunFolder(path: folder.path))
    let files = try await makeSets()
    let model = try startModel()
    let trainer = NodeTrainer(
      tree: TrainingTree(experiment.arms), settings: experiment.training, modelFolder: model, folder: folder,
      files: files, tell: { [tell] in tell(.training(node: $0, $1)) })
    var result = ExperimentResult(experiment)
    result.sets = try experiment.sets.compactMap { set in
      try files[set.name].map { try SetSummary(set, $0, in: folder) }
    }
    let evaluator = ArmEvaluator(
      settings: experiment.evaluation, folder: folder, program: program, files: files, tell: tell)
    let asked = try evaluator.testSets()
    for text in asked.flatMap(\.notes) { tell(.note(text)) }
    try trainer.checkApart(from: Set(asked.flatMap { $0.set.items.flatMap(\.placeNames) }))
    let trained = try await train(trainer, &result)
    try await evaluate(evaluator, asked, trainer, trained, &result)
    let report = result.report(program: program)
    _ = try ReportFolder.write(report.page, tables: report.tables, to: folder.report)
    _ = consume lock
    return result
  }

  /// Whether an error says that work was stopped as it was asked to.
  public static func isInterruption(_ error: any Error) -> Bool {
    if case .interrupted? = error as? TrainingError { return true }
    return error is CancellationError
  }

  private func makeSets() async throws -> [String: QuestionFiles] {
    let maker = SetMaker(folder: folder, threads: threads, progress: progress)
    var files: [String: QuestionFiles] = [:]
    for set in experiment.sets {
      tell(.began(part: "set", name: set.name))
      files[set.name] = try await maker.files(of: set)
      try Task.checkCancellation()
    }
    return files
  }

  private func startModel() throws -> String {
    switch experiment.start {
    case .model(let name): return try ModelLocation.resolve(name)
    case .nano:
      // Written whole by an earlier run, or again: the same seed gives the same bytes.
      let model = folder.model(seed: experiment.training.seed)
      if (try? Checkpoint(folder: model)) == nil {
        _ = try NanoModel.create(folder: model, seed: experiment.training.seed)
      }
      return model
    }
  }

  /// Trains the tree; the places of the nodes that are done. A node whose rows lack what it asks of them is not run.
  private func train(_ trainer: NodeTrainer, _ result: inout ExperimentResult) async throws -> Set<Int> {
    var done = Set<Int>()
    for (place, node) in trainer.tree.nodes.enumerated() {
      if let parent = node.parent, !done.contains(parent) { continue }
      let task: TrainingTask
      do {
        task = try trainer.task(place)
      } catch let error as TrainingDataError {
        for arm in trainer.tree.arms(through: place) { result.leaveOut(arm, because: "\(error)") }
        continue
      }
      if trainer.isDone(task, place) {
        tell(.upToDate(part: "training", name: node.name))
      } else {
        tell(.began(part: "training", name: node.name))
        result.isUpToDate = false
        try await trainer.train(place, task)
      }
      done.insert(place)
      try Task.checkCancellation()
    }
    return done
  }

  /// The trainings that lead to a node, each with the seconds of its own.
  private func stretches(
    to end: Int, _ trainer: NodeTrainer, before arms: [ExperimentResult.Arm]
  ) -> [ExperimentResult.Stretch] {
    let told = Set(arms.flatMap(\.stretches).map(\.name))
    var stretches: [ExperimentResult.Stretch] = []
    var before = 0.0
    for place in trainer.tree.path(to: end) {
      let seconds = LearningCurve(log: trainer.place(place).metrics).seconds
      let name = trainer.tree.nodes[place].name
      stretches.append(.init(name: name, seconds: max(0, seconds - before), isShared: told.contains(name)))
      before = seconds
    }
    return stretches
  }

  private func evaluate(
    _ evaluator: ArmEvaluator, _ sets: [ArmEvaluator.Asked], _ trainer: NodeTrainer, _ trained: Set<Int>,
    _ result: inout ExperimentResult
  ) async throws {
    for arm in experiment.arms {
      let end = trainer.tree.ends[arm.name]
      if let end, !trained.contains(end) { continue }
      let model = end.map { trainer.place($0).model } ?? trainer.modelFolder
      let answers = try await evaluator.evaluate(arm.name, base: trainer.modelFolder, model: model, sets)
      if !answers.allSatisfy({ $0.wasComplete }) { result.isUpToDate = false }
      result.add(
        arm.name, try AnswerCollection(answers, sets, severalSets: experiment.evaluation.sets.count > 1),
        stretches: end.map { stretches(to: $0, trainer, before: result.arms) } ?? [],
        curve: end.map { LearningCurve(log: trainer.place($0).metrics) })
      try Task.checkCancellation()
    }
  }
}
