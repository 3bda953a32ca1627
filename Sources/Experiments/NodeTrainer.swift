import Dataset
import Foundation
import Models
import Stages
import Training

/// Trains the nodes of an experiment's tree, each on what the one before it left.
struct NodeTrainer {
  let tree: TrainingTree
  let settings: TrainingSettings
  let modelFolder: String
  let folder: ExperimentFolder
  let files: [String: QuestionFiles]
  let tell: @Sendable (_ node: String, TrainingEvent) -> Void

  /// The place of a node's checkpoints and logs.
  func place(_ node: Int) -> TrainingFolder {
    TrainingFolder(path: folder.training(tree.nodes[node].name), features: folder.features)
  }

  /// What a node's training is, with its data read.
  func task(_ node: Int) throws -> TrainingTask {
    TrainingTask(
      plan: try plan(node), modelFolder: modelFolder, revision: try Checkpoint(folder: modelFolder).revision)
  }

  /// Throws where any training has rows on what is asked of the models: `places` are the names of that, as rows have
  /// them. What else is wrong with a training's rows is for ``task(_:)`` to tell.
  func checkApart(from places: Set<String>) throws {
    for (place, node) in tree.nodes.enumerated() {
      let plan: TrainingPlan
      do { plan = try self.plan(place) } catch is TrainingDataError { continue }
      guard let shared = HeldOutCheck.shared(by: plan.data, with: places) else { continue }
      throw ExperimentError.asksWhatWasLearned(training: node.name, shared)
    }
  }

  private func plan(_ node: Int) throws -> TrainingPlan {
    try TrainingPlan(
      settings: try settings(of: tree.nodes[node]), output: place(node).path, features: folder.features)
  }

  private func settings(of node: TrainingTree.Node) throws -> TrainingSettings {
    var settings = settings
    settings.model = modelFolder
    settings.phases = node.phases.compactMap { step in
      guard var phase = settings.phases.first(where: { $0.name == step.phase }) else { return nil }
      if phase.data.set == Experiment.ownSet {
        let own = step.sets.compactMap { files[$0] }
        phase.data.set = nil
        phase.data.train = own.flatMap(\.train)
        phase.data.dev = own.flatMap(\.dev)
      }
      // What is asked at the end is asked of all arms alike, by the evaluation.
      phase.data.test = []
      phase.watch.testLimit = 0
      phase.data.audio = step.hears ?? phase.data.audio
      phase.data.audioContribution = step.rows ?? phase.data.audioContribution
      return phase
    }
    return settings
  }

  /// Whether a node came to its end with what it is now to be trained with.
  func isDone(_ task: TrainingTask, _ node: Int) -> Bool {
    let trained = TrainedNode(in: place(node))
    return trained?.fingerprint == task.fingerprint && trained?.isDone == true
      && FileManager.default.fileExists(atPath: place(node).model)
  }

  /// Trains a node to its end, from where it was left; its parent is done.
  func train(_ node: Int, _ task: TrainingTask) async throws {
    let place = place(node)
    try prepare(node, task)
    var trained = TrainedNode(fingerprint: task.fingerprint)
    let name = tree.nodes[node].name
    let isResumed = try CheckpointStore.latest(in: place.checkpoints) != nil
    let result = try await TrainingThread.run { [tell] isCancelled in
      try TrainingRun(
        settings: task.plan.settings, data: task.plan.data, folder: place, modelFolder: task.modelFolder,
        isCancelled: isCancelled, tell: { tell(name, $0) }
      ).run(resuming: isResumed)
    }
    trained.isDone = true
    trained.steps = result.steps
    trained.accuracy = result.best?.accuracy
    try trained.save(in: place)
  }

  /// Leaves the node's folder with what its training goes on from: its own last checkpoint, or its parent's.
  private func prepare(_ node: Int, _ task: TrainingTask) throws {
    let place = place(node)
    if let earlier = TrainedNode(in: place), earlier.fingerprint == task.fingerprint { return }
    if FileManager.default.fileExists(atPath: place.path) { try setAside(place, name: tree.nodes[node].name) }
    if let parent = tree.nodes[node].parent { try self.place(parent).fork(to: place) }
    try TrainedNode(fingerprint: task.fingerprint).save(in: place)
  }

  /// Of a training with other settings or rows; it stays usable under another name.
  private func setAside(_ place: TrainingFolder, name: String) throws {
    var number = 1
    while FileManager.default.fileExists(atPath: "\(place.path)-\(number)") { number += 1 }
    try FileManager.default.moveItem(atPath: place.path, toPath: "\(place.path)-\(number)")
    tell(name, .note("what it is trained with changed; the training before is kept in \(place.path)-\(number)"))
  }
}
