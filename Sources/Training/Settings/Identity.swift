import Dataset
import Models
import Tensors

// What settings mean for the weights, as text that is kept in checkpoints and run folders: `key=value`, in the order below,
// without what has its default. A new key with a default that changes nothing leaves the texts of old runs as they were.

/// Collects the settings that are not the defaults.
private struct IdentityText {
  private var parts: [String] = []
  var text: String { parts.joined(separator: " ") }

  mutating func add<Value: Equatable>(_ key: String, _ value: Value, _ fallback: Value) {
    if value != fallback { parts.append("\(key)=\(value)") }
  }

  mutating func add<Value: Equatable>(_ key: String, _ value: Value?) {
    if let value { parts.append("\(key)=\(value)") }
  }

  mutating func addList(_ key: String, _ texts: [String], _ fallback: [String] = []) {
    if texts != fallback { parts.append("\(key)=[\(texts.joined(separator: ","))]") }
  }
}

extension TrainingSettings {
  /// Changes with everything that a step depends on, beside the model and the data.
  public var identity: String {
    let phases = phases.map { "\($0.name){\($0.identity(with: part))}" }
    return (["seed=\(seed)", "train{\(part.identity)}"] + phases).joined(separator: " ")
  }
}

extension TrainedPart {
  public var identity: String {
    var text = IdentityText()
    if let lowRank {
      let plain = LowRank()
      text.add("rank", lowRank.rank)
      text.add("alpha", lowRank.alpha)
      text.add("dropout", lowRank.dropout)
      text.add("rslora", lowRank.isRankStabilized, plain.isRankStabilized)
      text.addList("targets", lowRank.targets.map(\.text), plain.targets.map(\.text))
    }
    text.addList("frozen", frozen.map(\.text))
    text.addList("also_trained", alsoTrained.map(\.text))
    text.add("weights", frozenFormat?.rawValue)
    return text.text
  }
}

extension TrainingPhase {
  /// What a step of the phase does: not how many there are, how they are watched, and where the data is.
  ///
  /// How a step is cut into passes counts only where adapters drop out, which follows from the passes.
  public func identity(with part: TrainedPart) -> String {
    var text = IdentityText()
    switch method {
    case .sft(let settings): settings.add(to: &text)
    case .dpo(let settings): settings.add(to: &text)
    case .grpo(let settings): settings.add(to: &text)
    }
    optimizer.add(to: &text, countsPasses: part.lowRank.map { $0.dropout > 0 } ?? false)
    return text.text
  }
}

extension DataSettings {
  /// How rows are put to the policy; not where they are.
  public var identity: String {
    var text = IdentityText()
    let plain = DataSettings()
    text.add("format", format?.rawValue)
    text.add("audio_folder", audioFolder)
    text.add("audio", audio.rawValue, plain.audio.rawValue)
    text.add("target", form.rawValue, plain.form.rawValue)
    text.add("shuffle_choices", shufflesChoices, plain.shufflesChoices)
    text.add("video_to_audio", replacesVideo, plain.replacesVideo)
    text.add("dev_share", devShare, plain.devShare)
    text.add("tasks", tasks.isEmpty ? nil : tasks.sorted().joined(separator: ", "))
    text.add("audio_contribution", audioContribution?.rawValue)
    text.add("limit", limit)
    return text.text
  }
}

extension OptimizerSettings {
  fileprivate func add(to text: inout IdentityText, countsPasses: Bool) {
    let plain = OptimizerSettings(learningRate: learningRate)
    text.add("learning_rate", learningRate)
    text.add("batch", batch)
    text.add("schedule", schedule.rawValue, plain.schedule.rawValue)
    text.add("warmup_steps", warmupSteps)
    if warmupSteps == nil { text.add("warmup_ratio", warmupRatio, plain.warmupRatio) }
    text.add("weight_decay", weightDecay, plain.weightDecay)
    text.add("beta1", beta1, plain.beta1)
    text.add("beta2", beta2, plain.beta2)
    text.add("epsilon", epsilon, plain.epsilon)
    if maximumGradientNorm != plain.maximumGradientNorm {
      text.add("max_grad_norm", maximumGradientNorm.map { "\($0)" } ?? "off")
    }
    if countsPasses { text.add("pass_tokens", passTokens) }
  }
}

extension SpecAugment {
  /// Every field by its name, so that none is forgotten.
  fileprivate var identity: String {
    let plain = Dictionary(
      Mirror(reflecting: SpecAugment()).children.map { ($0.label ?? "", "\($0.value)") }, uniquingKeysWith: { $1 })
    let own = Mirror(reflecting: self).children.map { (key: $0.label ?? "", value: "\($0.value)") }
    let parts = own.filter { plain[$0.key] != $0.value }.map { "\($0.key)=\($0.value)" }
    return "{\(parts.sorted().joined(separator: " "))}"
  }
}

extension SFTSettings {
  fileprivate func add(to text: inout IdentityText) {
    text.add("method", "sft")
    text.add("spec_augment", specAugment?.identity)
  }
}

extension WeightedRewards {
  fileprivate func add(to text: inout IdentityText) {
    text.addList("rewards", names)
    text.addList("weights", weights.map { "\($0)" }, names.map { _ in "1.0" })
  }
}

extension Sampling {
  fileprivate func add(to text: inout IdentityText) {
    let plain = Sampling(temperature: 1)
    text.add("temperature", temperature, plain.temperature)
    text.add("top_k", topK, plain.topK)
    text.add("top_p", topP, plain.topP)
    text.add("min_p", minP, plain.minP)
  }
}

extension DPOSettings {
  fileprivate func add(to text: inout IdentityText) {
    text.add("method", "dpo")
    let plain = DPOLoss()
    text.add("loss", loss.type.rawValue, plain.type.rawValue)
    text.add("beta", loss.beta, plain.beta)
    text.add("label_smoothing", loss.labelSmoothing, plain.labelSmoothing)
    text.add("pairs", pairs.rawValue)
    guard pairs == .sampled else { return }
    text.add("samples", samples)
    text.add("max_tokens", maximumTokens)
    sampling.add(to: &text)
    rewards.add(to: &text)
  }
}

extension GRPOSettings {
  fileprivate func add(to text: inout IdentityText) {
    text.add("method", "grpo")
    loss.add(to: &text)
    text.add("generations", generations)
    text.add("iterations", iterations, 1)
    text.add("steps_per_generation", stepsPerGeneration, 1)
    text.add("scale_rewards", advantages.scale.rawValue, AdvantageSettings().scale.rawValue)
    text.add("aggregation", advantages.aggregation.rawValue, AdvantageSettings().aggregation.rawValue)
    text.add("mask_truncated", masksTruncated, false)
    text.add("sampling_rounds", dynamicSampling.maximumRounds, 1)
    sampling.add(to: &text)
    if let curriculum {
      let drops = [("never", curriculum.dropsNeverSolved), ("always", curriculum.dropsAlwaysSolved)]
      text.addList("curriculum", ["easy-to-hard"] + drops.filter(\.1).map(\.0))
    }
    text.add("spec_augment", specAugment?.identity)
    rewards.add(to: &text)
  }
}

extension GRPOLoss {
  fileprivate func add(to text: inout IdentityText) {
    let plain = GRPOLoss(type: type, epsilonLow: epsilonLow)
    text.add("loss", type.rawValue)
    text.add("importance_sampling_level", importanceSampling.rawValue, plain.importanceSampling.rawValue)
    text.add("epsilon_low", epsilonLow, GRPOLoss(type: type).epsilonLow)
    text.add("epsilon_high", epsilonHigh, plain.epsilonHigh)
    text.add("delta", delta)
    text.add("beta", beta, plain.beta)
    text.add("max_tokens", maximumCompletionLength)
    text.add("sapo_temperature_pos", sapoTemperaturePositive, plain.sapoTemperaturePositive)
    text.add("sapo_temperature_neg", sapoTemperatureNegative, plain.sapoTemperatureNegative)
    text.add("vespo_k_pos", vespoPositive.k, plain.vespoPositive.k)
    text.add("vespo_lambda_pos", vespoPositive.lambda, plain.vespoPositive.lambda)
    text.add("vespo_k_neg", vespoNegative.k, plain.vespoNegative.k)
    text.add("vespo_lambda_neg", vespoNegative.lambda, plain.vespoNegative.lambda)
  }
}
