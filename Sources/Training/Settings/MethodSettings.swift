public import Models

/// Supervised training on targets.
public struct SFTSettings: Sendable, Equatable {
  /// Blanks out and shifts parts of spectrograms; nil leaves them. Needs an audio tower that learns.
  public var specAugment: SpecAugment?
  /// The longest answer to a held-out question, in tokens; nil for what the form of the answers takes.
  public var maximumTokens: Int?

  public init(specAugment: SpecAugment? = nil, maximumTokens: Int? = nil) {
    self.specAugment = specAugment
    self.maximumTokens = maximumTokens
  }
}

/// Training on pairs of a better and a worse answer.
public struct DPOSettings: Sendable {
  /// Where the pairs come from.
  public enum Pairs: String, Sendable, CaseIterable {
    /// The rows' own.
    case given
    /// The answer against a wrong choice, another one each epoch; rows' own where they have one.
    case distractor
    /// The best and the worst of sampled completions by their rewards; none where all earn the same.
    case sampled
  }

  public var loss: DPOLoss
  public var pairs: Pairs
  /// Completions that a pair is taken from.
  public var samples: Int
  /// How they are sampled.
  public var sampling: Sampling
  /// The longest one, in tokens.
  public var maximumTokens: Int
  /// What they are judged by.
  public var rewards: WeightedRewards

  public init(rewards: WeightedRewards) {
    self.rewards = rewards
    loss = DPOLoss()
    pairs = .distractor
    samples = 8
    sampling = Sampling(temperature: 1)
    maximumTokens = 256
  }
}

/// Training on groups of sampled completions and what they earn.
public struct GRPOSettings: Sendable {
  /// Completions of one prompt.
  public var generations: Int
  /// How often a batch of completions is trained on.
  public var iterations: Int
  /// Optimizer steps that a batch of completions is divided into; the batch is `batch` prompts for each of them.
  public var stepsPerGeneration: Int
  /// With the longest completion's tokens.
  public var loss: GRPOLoss
  public var advantages: AdvantageSettings
  /// Whether completions that were cut off count for nothing.
  public var masksTruncated: Bool
  public var dynamicSampling: DynamicSampling
  public var sampling: Sampling
  /// Easy questions first, by their rows' pass rates; nil for a shuffled order.
  public var curriculum: Curriculum?
  /// Varies the sound of a question, the same for all its completions; nil leaves it. Needs an audio tower that learns.
  public var specAugment: SpecAugment?
  public var rewards: WeightedRewards

  public init(rewards: WeightedRewards) {
    self.rewards = rewards
    generations = 8
    iterations = 1
    stepsPerGeneration = 1
    loss = GRPOLoss(maximumCompletionLength: 256)
    advantages = AdvantageSettings()
    masksTruncated = false
    dynamicSampling = DynamicSampling()
    sampling = Sampling(temperature: 1)
  }

  /// The longest completion, in tokens.
  public var maximumTokens: Int { loss.maximumCompletionLength }
}
