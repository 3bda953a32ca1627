/// A training run: a model, what of it learns, and the phases it goes through.
public struct TrainingSettings: Sendable {
  /// Of the run's folder.
  public var name: String
  /// The folder of the model, or what names it on the hub.
  public var model: String
  /// The run's folder; nil for one by its name.
  public var output: String?
  public var part: TrainedPart
  /// What every random choice follows from.
  public var seed: UInt64
  /// Nil for as many as there are cores.
  public var threads: Int?
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

  /// The optimizer steps of the phase on a set of this size.
  public func stepCount(examples: Int) -> Int {
    min(optimizer.stepCount(examples: examples), max(stepLimit ?? .max, 1))
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

  /// What of the phase decides over its steps; not how many there are, what is shown, and how a step is cut into passes.
  fileprivate var meaning: TrainingPhase {
    var phase = self
    phase.watch = WatchSettings()
    phase.stepLimit = nil
    phase.data = DataSettings()
    (phase.optimizer.steps, phase.optimizer.epochs, phase.optimizer.passTokens) = (nil, 0, 0)
    if case .sft(var settings) = phase.method {
      settings.maximumTokens = nil
      phase.method = .sft(settings)
    }
    return phase
  }
}

extension TrainingSettings {
  /// Changes with everything that a step depends on, beside the model and the data.
  var digest: String { "\(part) \(seed) \(phases.map(\.meaning))" }
}
