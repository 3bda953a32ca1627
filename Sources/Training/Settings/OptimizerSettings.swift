/// How the weights move, the same for every method.
public struct OptimizerSettings: Sendable, Equatable {
  public var learningRate: Double
  public var schedule: LearningRateSchedule
  /// Steps over which the rate rises from 0; wins over `warmupRatio`.
  public var warmupSteps: Int?
  /// The share of all steps over which the rate rises from 0.
  public var warmupRatio: Double
  /// Of AdamW, decoupled from the gradient.
  public var weightDecay: Double
  public var beta1: Double
  public var beta2: Double
  public var epsilon: Double
  /// Longer gradients are shortened to this norm; nil leaves them.
  public var maximumGradientNorm: Double?
  /// Examples that make one optimizer step; of GRPO and of DPO on sampled pairs, prompts.
  public var batch: Int
  /// The most tokens in one forward and backward pass: what does not fit is accumulated, with the same result. A prompt
  /// is never cut, so one that is longer has a pass of its own.
  public var passTokens: Int
  /// Optimizer steps; wins over `epochs`.
  public var steps: Int?
  /// How often each example is visited.
  public var epochs: Double

  public init(learningRate: Double, batch: Int = 16, epochs: Double = 1) {
    self.learningRate = learningRate
    self.batch = batch
    self.epochs = epochs
    schedule = .linear
    warmupRatio = 0
    weightDecay = 0
    beta1 = 0.9
    beta2 = 0.999
    epsilon = 1e-8
    maximumGradientNorm = 1
    passTokens = 4096
  }

  /// The optimizer steps of a run over `examples` examples an epoch, each trained on `uses` times a visit; at least 1.
  public func stepCount(examples: Int, uses: Int = 1) -> Int {
    if let steps { return max(steps, 1) }
    let count = (epochs * Double(max(examples, 1)) * Double(max(uses, 1)) / Double(max(batch, 1))).rounded(.up)
    return max(Int(exactly: min(count, 1e15)) ?? 1, 1)
  }

  /// The steps of the warm-up, of `steps` in all.
  public func warmupCount(of steps: Int) -> Int {
    min(warmupSteps ?? Int((min(max(warmupRatio, 0), 1) * Double(steps)).rounded(.up)), steps)
  }
}
