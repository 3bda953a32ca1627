import Dataset
public import Models

/// A training run: a model, what of it learns, and the phases it goes through.
public struct TrainingSettings: Sendable {
  /// Of the run's folder.
  public var name: String
  /// The folder of the model, or what names it on the hub.
  public var model: String
  /// The run's folder; nil for one by its name.
  public var output: String?
  public var part: TrainedPart
  /// Of the adapters in checkpoints; of no effect on training.
  public var adapterLayout = AdapterLayout.version5
  /// What every random choice follows from.
  public var seed: UInt64
  /// Nil for as many as there are cores.
  public var threads: Int?
  /// The most that the features of a frozen audio tower take on the disk, in bytes; nil for no limit.
  public var featureBytes: Int?
  /// In the order they run, each on the weights of the one before; at least one.
  public var phases: [TrainingPhase]

  public init(
    name: String, model: String, output: String? = nil, part: TrainedPart = TrainedPart(), seed: UInt64 = 42,
    threads: Int? = nil, phases: [TrainingPhase]
  ) {
    self.name = name
    self.model = model
    self.output = output
    self.part = part
    self.seed = seed
    self.threads = threads
    self.phases = phases
  }

  /// The same with every phase cut to at most this many steps, its schedule too.
  public func limited(toSteps steps: Int) -> TrainingSettings {
    var limited = self
    for index in limited.phases.indices {
      let own = limited.phases[index].optimizer.steps
      // A phase that counts epochs may be shorter than the limit, which only its data tells.
      limited.phases[index].stepLimit = min(limited.phases[index].stepLimit ?? .max, steps)
      limited.phases[index].optimizer.steps = own.map { min($0, steps) }
    }
    return limited
  }
}

/// One stretch of a training run: a method on a set.
public struct TrainingPhase: Sendable {
  public enum Method: Sendable {
    case sft(SFTSettings)
    case dpo(DPOSettings)
    case grpo(GRPOSettings)
  }

  /// As the training file names its section.
  public var name: String
  public var method: Method
  public var data: DataSettings
  public var optimizer: OptimizerSettings
  public var watch: WatchSettings
  /// The most optimizer steps, however many epochs that is; nil for no limit.
  public var stepLimit: Int?

  public init(
    name: String, method: Method, data: DataSettings, optimizer: OptimizerSettings,
    watch: WatchSettings = WatchSettings(), stepLimit: Int? = nil
  ) {
    self.name = name
    self.method = method
    self.data = data
    self.optimizer = optimizer
    self.watch = watch
    self.stepLimit = stepLimit
  }

  /// The optimizer steps of the phase where an epoch visits so many examples.
  public func stepCount(examples: Int) -> Int {
    var uses = 1
    if case .grpo(let settings) = method { uses = settings.iterations }
    return min(optimizer.stepCount(examples: examples, uses: uses), max(stepLimit ?? .max, 1))
  }

  /// The optimizer steps of the phase on a set.
  public func stepCount(on set: TrainingSet) -> Int { stepCount(examples: epochLength(of: set)) }

  /// The examples of a set that an epoch visits: all but those that a curriculum drops.
  public func epochLength(of set: TrainingSet) -> Int {
    guard case .grpo(let settings) = method, let curriculum = settings.curriculum else { return set.count }
    return curriculum.keptCount(set.questions.map { PassRate(share: $0.passRate) })
  }

  /// What the phase needs of its rows.
  public var use: ExampleUse {
    switch method {
    case .sft: .teaching
    case .grpo: .rewarding
    case .dpo(let settings): settings.pairs == .sampled ? .rewarding : .preferring
    }
  }
}

extension TrainingPhase {
  /// Whether the method measures how far the policy is from where it began.
  var needsReference: Bool {
    switch method {
    case .sft: false
    case .dpo: true
    case .grpo(let settings): settings.loss.beta != 0
    }
  }

  /// The most tokens of an answer to a held-out question.
  var completionTokens: Int {
    switch method {
    // Thoughts take room, or no answer with them is ever finished.
    case .sft(let settings): settings.maximumTokens ?? (data.form == .think ? 256 : 64)
    case .dpo(let settings): settings.maximumTokens
    case .grpo(let settings): settings.maximumTokens
    }
  }
}
