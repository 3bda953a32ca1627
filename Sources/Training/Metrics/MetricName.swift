/// What a measurement of training is called: TRL's names, so that plots made for TRL show our runs too.
public struct MetricName: RawRepresentable, Hashable, Sendable, Comparable, ExpressibleByStringLiteral {
  public let rawValue: String

  public init(rawValue: String) { self.rawValue = rawValue }

  public init(stringLiteral value: String) { rawValue = value }

  public static func < (a: MetricName, b: MetricName) -> Bool { a.rawValue < b.rawValue }

  /// The same in an evaluation, as transformers names it.
  public var evaluated: MetricName { MetricName(rawValue: "eval_" + rawValue) }
}

extension MetricName {
  public static let loss: MetricName = "loss"
  /// What a model says of its next token, and the weights themselves: names for sentences, nothing that is measured.
  static let logits: MetricName = "logits"
  static let weights: MetricName = "weights"
  /// The norm of all gradients before clipping.
  public static let gradientNorm: MetricName = "grad_norm"
  public static let learningRate: MetricName = "learning_rate"
  /// All tokens that were trained on since the run began, prompts included.
  public static let tokenCount: MetricName = "num_tokens"
  /// Of the policy's distribution where a token was chosen, in nats, averaged over tokens.
  public static let entropy: MetricName = "entropy"

  // GRPO
  public static let reward: MetricName = "reward"
  /// Over all completions of a step.
  public static let rewardDeviation: MetricName = "reward_std"
  /// The share of groups whose completions all have the same reward.
  public static let shareWithoutSignal: MetricName = "frac_reward_zero_std"
  /// The k3 estimate of the divergence from the reference model, in nats a token.
  public static let divergence: MetricName = "kl"
  public static let meanLength: MetricName = "completions/mean_length"
  public static let smallestLength: MetricName = "completions/min_length"
  public static let largestLength: MetricName = "completions/max_length"
  public static let meanTerminatedLength: MetricName = "completions/mean_terminated_length"
  public static let smallestTerminatedLength: MetricName = "completions/min_terminated_length"
  public static let largestTerminatedLength: MetricName = "completions/max_terminated_length"
  /// The share of completions that were cut off.
  public static let shareCutOff: MetricName = "completions/clipped_ratio"
  public static let clippedLowMean: MetricName = "clip_ratio/low_mean"
  public static let clippedLowSmallest: MetricName = "clip_ratio/low_min"
  public static let clippedHighMean: MetricName = "clip_ratio/high_mean"
  public static let clippedHighLargest: MetricName = "clip_ratio/high_max"
  public static let clippedMean: MetricName = "clip_ratio/region_mean"
  public static let clippedCISPO: MetricName = "cispo_clip_ratio"
  public static let vespoWeight: MetricName = "vespo/phi_seq_mean"
  /// Between the log-probabilities by which tokens were drawn and those that are trained on.
  public static let samplingDifference: MetricName = "sampling/sampling_logp_difference/mean"
  public static let largestSamplingDifference: MetricName = "sampling/sampling_logp_difference/max"
  public static let policyLoss: MetricName = "policy_loss"
  public static let entropyCoefficient: MetricName = "entropy_coef"

  public static func rewardMean(of function: String) -> MetricName { .init(rawValue: "rewards/\(function)/mean") }
  public static func rewardDeviation(of function: String) -> MetricName { .init(rawValue: "rewards/\(function)/std") }

  // SFT and DPO
  /// The share of label tokens that are the most probable ones.
  public static let tokenAccuracy: MetricName = "mean_token_accuracy"
  public static let chosenReward: MetricName = "rewards/chosen"
  public static let rejectedReward: MetricName = "rewards/rejected"
  public static let rewardAccuracy: MetricName = "rewards/accuracies"
  public static let rewardMargin: MetricName = "rewards/margins"
  public static let chosenLogProbability: MetricName = "logps/chosen"
  public static let rejectedLogProbability: MetricName = "logps/rejected"

  // The clock's
  /// Seconds of an optimizer step, generation included.
  public static let stepTime: MetricName = "step_time"
  public static let generationTime: MetricName = "generation_time"
  public static let tokensPerSecond: MetricName = "tokens_per_second"
  /// Seconds since this process began to train.
  public static let elapsed: MetricName = "elapsed"

  /// The names whose values no two runs have in common: all else in a log is the same for the same run, however often
  /// it was interrupted.
  public static let ofTheClock: Set<MetricName> = [.stepTime, .generationTime, .tokensPerSecond, .elapsed]
}
