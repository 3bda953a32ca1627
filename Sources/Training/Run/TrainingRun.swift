import Dataset
import Models
import Tensors

/// A training from its first step, or from a checkpoint, to its last: phase after phase on one policy.
///
/// Blocks, so use it on a thread of your own.
public final class TrainingRun {
  private let settings: TrainingSettings
  private let data: [PhaseData]
  let folder: TrainingFolder
  let policy: Policy
  let store: CheckpointStore
  let digests: TrainerState.Digests
  private let loader: AudioLoader
  private let tell: (TrainingEvent) -> Void
  private let isCancelled: () -> Bool

  /// A run in `folder`, with the data of each phase. With `resuming` it goes on from the folder's last checkpoint, else
  /// the folder must have none. `tell` hears of what happens; the run ends behind a step where `isCancelled` says so.
  public init(
    settings: TrainingSettings, data: [PhaseData], folder: TrainingFolder, modelFolder: String,
    isCancelled: @escaping () -> Bool = { false }, tell: @escaping (TrainingEvent) -> Void = { _ in }
  ) throws {
    precondition(data.count == settings.phases.count, "\(data.count) sets for \(settings.phases.count) phases")
    self.settings = settings
    self.data = data
    self.folder = folder
    (self.tell, self.isCancelled) = (tell, isCancelled)
    if let threads = settings.threads { Parallel.threads = threads }
    store = try CheckpointStore(folder: folder.checkpoints)
    policy = try Policy(
      checkpoint: Checkpoint(folder: modelFolder), part: settings.part,
      seed: stableHash("earshot adapters 1", "\(settings.seed)"))
    loader = AudioLoader(maximumSamples: policy.model.encoder?.maximumSamples ?? 480_000)
    digests = TrainerState.Digests(
      model: policy.base.revision, data: stableDigest(data.map { $0.train.digest }), settings: settings.digest)
  }

  /// Trains to the end of the last phase.
  public func run(resuming: Bool) throws -> TrainingResult {
    guard let first = settings.phases.first else { throw TrainingError.nothingToTrain }
    var position = RunPosition(rules: first.watch.stopRules)
    let saved = try CheckpointStore.latest(in: folder.checkpoints)
    if let saved, resuming {
      position = try resumed(saved)
    } else if saved != nil {
      throw TrainingError.outputExists(folder.path)
    } else if resuming {
      throw TrainingError.nothingToResume(folder.path)
    }
    let logs = try TrainingLogs(folder: folder, after: position.step, settings: settings)
    try checkSounds()
    var moments = resuming ? saved : nil
    while position.phase < settings.phases.count {
      try PhaseRun(
        run: self, phase: settings.phases[position.phase], data: data[position.phase], position: position, logs: logs,
        moments: moments
      ).run(&position)
      moments = nil
      guard position.phase + 1 < settings.phases.count else { break }
      position.advance(rules: settings.phases[position.phase + 1].watch.stopRules)
    }
    return try result(position)
  }

  func send(_ event: TrainingEvent) { tell(event) }
  var shouldStop: Bool { isCancelled() }
  var seed: UInt64 { settings.seed }
  var model: String { settings.model }

  /// Makes a phase's prompts.
  var prompts: PromptMaker {
    PromptMaker(policy: policy, loader: loader, features: FeatureCache(folder: folder.features))
  }

  private func resumed(_ saved: SavedCheckpoint) throws -> RunPosition {
    let state = try saved.state()
    try state.check(digests, file: saved.stateFile)
    try policy.restore(saved)
    let phase = min(max(0, state.counters["phase"] ?? 0), settings.phases.count - 1)
    return try RunPosition(state, rules: settings.phases[phase].watch.stopRules)
  }

  /// Missing sounds show before the first step, not in the middle of the night.
  private func checkSounds() throws {
    for note in data.flatMap(\.notes) { tell(.note(note)) }
    guard policy.model.encoder != nil else { return }
    try AudioLoader.check(data.flatMap(\.sounds))
  }

  private func result(_ position: RunPosition) throws -> TrainingResult {
    let all = try CheckpointStore.checkpoints(in: folder.checkpoints)
    let best = position.best.flatMap { best in
      all.first { $0.step == best.step }.map { (accuracy: best.score, checkpoint: $0.folder) }
    }
    return TrainingResult(steps: position.step, checkpoint: all.last?.folder ?? folder.checkpoints, best: best)
  }
}

/// One text for a list of them.
private func stableDigest(_ parts: [String]) -> String {
  ContentID.make(domain: "earshot training 1", parts)
}
