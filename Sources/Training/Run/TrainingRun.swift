import Audio
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
  private let revision: String
  private let dataDigests: [String]
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
    Tensor.memoryKept = 512 << 20
    store = try CheckpointStore(folder: folder.checkpoints)
    policy = try Policy(
      checkpoint: Checkpoint(folder: modelFolder), part: settings.part,
      seed: stableHash("earshot adapters 1", "\(settings.seed)"))
    loader = AudioLoader(maximumSamples: policy.model.encoder?.maximumSamples ?? 480_000)
    revision = policy.base.revision
    dataDigests = data.map(\.train.digest)
  }

  /// What the weights depend on that the phases up to `phase` leave. What comes after them may be another training.
  func digests(through phase: Int) -> TrainerState.Digests {
    var settings = settings
    settings.phases = Array(settings.phases.prefix(phase + 1))
    return TrainerState.Digests(
      model: revision, data: stableDigest(Array(dataDigests.prefix(phase + 1))), settings: settings.identity)
  }

  /// Trains to the end of the last phase.
  public func run(resuming: Bool) throws -> TrainingResult {
    guard let first = settings.phases.first else { throw TrainingError.nothingToTrain }
    var position = RunPosition(rules: first.watch.stopRules)
    let saved = try Self.start(in: folder, resuming: resuming)
    if let saved { position = try resumed(saved) } else { try setLogsAside() }
    compareThreads(&position)
    let logs = try TrainingLogs(folder: folder, at: position, resumes: saved != nil)
    try checkSounds()
    tellOfDescriptions(from: position.phase)
    let firstStep = position.step
    var moments = saved
    while position.phase < settings.phases.count {
      let start = position.step
      try PhaseRun(
        run: self, phase: settings.phases[position.phase], data: data[position.phase], position: position, logs: logs,
        moments: moments
      ).run(&position)
      moments = nil
      guard position.phase + 1 < settings.phases.count else { break }
      // Who stops again at once is to get a step further all the same.
      if position.step > start, shouldStop, let last = try CheckpointStore.latest(in: folder.checkpoints) {
        throw TrainingError.interrupted(checkpoint: last.folder)
      }
      position.advance(rules: settings.phases[position.phase + 1].watch.stopRules)
    }
    return try result(position, hasTrained: position.step > firstStep)
  }

  /// The checkpoint that a run in `folder` goes on from. Throws where there is one and the run is not to resume, and
  /// where there is none and it is.
  @discardableResult
  public static func start(in folder: TrainingFolder, resuming: Bool) throws -> SavedCheckpoint? {
    let saved = try CheckpointStore.latest(in: folder.checkpoints)
    if saved != nil && !resuming { throw TrainingError.outputExists(folder.path) }
    if saved == nil && resuming { throw TrainingError.nothingToResume(folder.path) }
    return saved
  }

  func send(_ event: TrainingEvent) { tell(event) }
  var shouldStop: Bool { isCancelled() }
  var seed: UInt64 { settings.seed }
  var model: String { settings.model }
  var adapterLayout: AdapterLayout { settings.adapterLayout }
  func isLast(phase: Int) -> Bool { phase + 1 == settings.phases.count }

  /// Makes a phase's prompts.
  var prompts: PromptMaker {
    PromptMaker(policy: policy, loader: loader, features: features)
  }

  /// Leaves room on the disk for some checkpoints: weights and two moments each.
  private var features: FeatureCache {
    FeatureCache(
      folder: folder.features, limit: settings.featureBytes, spare: max(1 << 30, 3 * 12 * policy.parameterCount))
  }

  private func resumed(_ saved: SavedCheckpoint) throws -> RunPosition {
    let state = try saved.state()
    let phase = min(max(0, state.counters["phase"] ?? 0), settings.phases.count - 1)
    try state.check(digests(through: phase), file: saved.stateFile)
    try policy.restore(saved)
    // A kill may have come before there was one.
    if !folder.hasModel { folder.point(to: saved.folder) }
    return try RunPosition(state, rules: settings.phases[phase].watch.stopRules)
  }

  /// Logs of a run that left no checkpoint are not this one's to write over.
  private func setLogsAside() throws {
    let moved = try folder.setLogsAside()
    guard !moved.isEmpty else { return }
    let names = moved.map { "\($0.log) is now \($0.kept)" }.joined(separator: ", ")
    tell(.note("\(folder.path): an earlier run left logs and no checkpoint; \(names)."))
  }

  private func compareThreads(_ position: inout RunPosition) {
    let now = Parallel.threads
    if let before = position.threads, before != now {
      tell(
        .note(
          "The steps so far were computed with \(before) threads and the next ones are with \(now): sums round in "
            + "another order, so they are not bit for bit those of a run left alone."))
    }
    position.threads = now
  }

  /// Whoever describes sounds is asked nothing that could be right or wrong.
  private func tellOfDescriptions(from first: Int) {
    for (place, (phase, data)) in zip(settings.phases, data).enumerated() where place >= first {
      let isWatched = data.dev != nil && phase.watch.evaluateEvery > 0 || isLast(phase: place) && asksTest
      guard isWatched, data.train.composer.form.describes else { continue }
      let form = data.train.composer.form.rawValue
      tell(.note("\(phase.name): held-out rows are not scored, as 'target: \(form)' answers no question."))
    }
  }

  /// Whether test rows are there and wanted.
  private var asksTest: Bool { data.last?.test != nil && settings.phases.last?.watch.testLimit != 0 }

  /// Rows that cannot be used show before the first step, not in the middle of the night.
  private func checkSounds() throws {
    for note in data.flatMap(\.notes) { tell(.note(note)) }
    FeatureRoom.sweep(folder.features)
    try RowCheck(model: policy.model).check(data, of: settings.phases)
  }

  private func tellOfCuts() {
    let count = loader.cutCount
    guard count > 0 else { return }
    let heard = "longer than the \(loader.maximumSamples / Waveform.modelRate) s that the model hears"
    let text =
      count == 1
      ? "1 sound is \(heard), and was cut to its beginning."
      : "\(count) sounds are \(heard), and were cut to their beginning."
    tell(.note(text))
  }

  private func result(_ position: RunPosition, hasTrained: Bool) throws -> TrainingResult {
    tellOfCuts()
    let all = try CheckpointStore.checkpoints(in: folder.checkpoints)
    let best = all.first { $0.step == position.best?.step }
    var result = TrainingResult(steps: position.step, checkpoint: all.last?.folder ?? folder.checkpoints)
    if let score = position.best?.score, let best {
      result.best = TrainingResult.Best(accuracy: score, checkpoint: best.folder)
    }
    guard let tested = best ?? all.last, asksTest else { return result }
    do {
      if hasTrained, shouldStop { throw AnsweringStopped() }
      result.test = try test(tested)
    } catch is AnsweringStopped {
      throw TrainingError.interrupted(checkpoint: result.checkpoint)
    }
    return result
  }

  /// Has the finished model answer the last phase's test set, where that asks something.
  private func test(_ checkpoint: SavedCheckpoint) throws -> TestScore? {
    guard let set = data.last?.test, let phase = settings.phases.last, !set.composer.form.describes else { return nil }
    try policy.restore(checkpoint)
    let scorer = DevScorer(
      policy: policy, prompts: prompts, set: set, limit: phase.watch.testLimit, maximumTokens: phase.completionTokens)
    let score = try scorer.test { done, total in
      tell(.answering(phase: phase.name, part: "test", done: done, total: total))
      if done < total, shouldStop { throw AnsweringStopped() }
    }
    try score.write(to: folder.answers)
    tell(.tested(accuracy: score.accuracy, silentAccuracy: score.silentAccuracy, count: score.answers.count))
    return score
  }
}

/// One text for a list of them.
private func stableDigest(_ parts: [String]) -> String {
  ContentID.make(domain: "earshot training 1", parts)
}
