import Foundation
import Pipelines
import Stages
import Synchronization
import Training

@testable import Store

/// A run of a pipeline from synthesized clips to a tiny model in training.
final class TrainedRun {
  let folder: String
  let store: RunStore
  let notes = Notes()
  private let file: String
  static let phases = ["sft", "grpo"]

  /// `name` is the checkpoint of Tests/Fixtures/models that is trained.
  init(model name: String = "qwen2-audio", more: String = "") throws {
    folder = NSTemporaryDirectory() + "earshot-trained-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder + "/run", withIntermediateDirectories: true)
    store = try RunStore(path: folder + "/run/run.sqlite")
    file = folder + "/demo.yaml"
    let prompts = TestRun.project + "/prompts"
    let text = """
      name: demo
      scan: {audio: synth, demo_clips: 12}
      write: {prompt: \(prompts)/avqa-gpt.md, questions: 2}
      split: {train: 0.6, dev: 0.2, test: 0.2}
      train: {model: \(TestRun.project)/Tests/Fixtures/models/\(name)}
      data: {prompt: \(prompts)/ask-omni-r1.md}
      sft: {steps: 4, batch: 2, learning_rate: 1e-3, save_every: 1, keep: 1, evaluate_every: 0}
      grpo: {steps: 2, batch: 2, generations: 2, max_tokens: 3, learning_rate: 1e-3, evaluate_limit: 2}
      \(more)
      """
    try text.write(toFile: file, atomically: true, encoding: .utf8)
  }

  deinit {
    try? FileManager.default.removeItem(atPath: folder)
  }

  var training: TrainingFolder { TrainingFolder(path: folder + "/run/train") }

  func run(_ overrides: [String] = [], until: String? = nil) async throws {
    notes.clear()
    try await pipeline(overrides).execute(in: store, until: until, progress: notes)
  }

  /// Runs until the stage has shown itself at work so many times, and is then cancelled.
  func runCancelled(after count: Int, of stage: String) async throws {
    let pipeline = try pipeline([])
    let store = store
    let canceller = Canceller(stage: stage, count: count)
    let task = Task { try await pipeline.execute(in: store, until: nil, progress: canceller) }
    canceller.watch(task)
    try await task.value
  }

  func rehearse(_ overrides: [String] = []) async throws -> [Rehearsal] {
    try await pipeline(overrides).rehearse(in: store, until: nil, progress: notes)
  }

  func pipeline(_ overrides: [String]) throws -> Run {
    let stages = try StageCatalogue.stages(of: PipelineFile(path: file, overrides: overrides))
    var run = Run(folder: RunFolder(path: folder + "/run"), stages: stages)
    run.threads = 2
    return run
  }

  /// The steps of the checkpoints in the run's folder of this name.
  func steps(in name: String = "train") throws -> [Int] {
    try CheckpointStore.checkpoints(in: "\(folder)/run/\(name)/checkpoints").map(\.step)
  }

  /// The bytes of the weights of a step.
  func weights(step: Int) throws -> Data {
    let checkpoint = try CheckpointStore.checkpoints(in: training.checkpoints).first { $0.step == step }
    return try Data(contentsOf: URL(fileURLWithPath: (checkpoint?.folder ?? "none") + "/model.safetensors"))
  }

  /// The lines of the training's log of metrics.
  func logged() throws -> Int {
    try String(contentsOfFile: training.metrics, encoding: .utf8).split(separator: "\n").count
  }
}

/// Cancels a run from within.
private final class Canceller: ProgressReporter {
  private struct State {
    var left: Int
    var task: Task<Void, any Error>?
  }

  private let stage: String
  private let state: Mutex<State>

  init(stage: String, count: Int) {
    self.stage = stage
    state = Mutex(State(left: count))
  }

  func watch(_ task: Task<Void, any Error>) {
    state.withLock { state in
      state.task = task
      if state.left <= 0 { task.cancel() }
    }
  }

  func shows(stage: String, _ text: String) {
    guard stage == self.stage else { return }
    state.withLock { state in
      state.left -= 1
      if state.left <= 0 { state.task?.cancel() }
    }
  }

  func started(stage: String, total: Int, unit: String) {}
  func advanced(stage: String, by count: Int) {}
  func note(stage: String, _ text: String) {}
  func finished(stage: String, summary: String) {}
  func upToDate(stage: String) {}
}
