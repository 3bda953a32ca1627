import Models
import Pipelines
import Training

extension SFTSettings {
  init(_ section: Section) throws {
    self.init(
      specAugment: try SpecAugment(of: section), maximumTokens: try section.optionalInt("max_tokens", in: 1...65_536))
  }
}

extension SpecAugment {
  /// Nil where a phase has none.
  init?(of phase: Section) throws {
    let section = phase.section("spec_augment")
    guard phase.has("spec_augment") else { return nil }
    self.init()
    frequencyMasks = try section.int("frequency_masks", in: 0...64, default: frequencyMasks)
    frequencyWidth = try section.int("frequency_width", in: 0...128, default: frequencyWidth)
    timeMasks = try section.int("time_masks", in: 0...64, default: timeMasks)
    timeShare = try section.double("time_share", in: 0...0.5, default: timeShare)
    shift = try section.double("shift", in: 0...0.5, default: shift)
    gain = try section.double("gain", in: 0...4, default: gain)
    pitch = try section.double("pitch", in: 0...0.5, default: pitch)
    pace = try section.double("pace", in: 0...0.5, default: pace)
    equalizer = try section.double("equalizer", in: 0...4, default: equalizer)
    noise = try section.double("noise", in: 0...1, default: noise)
  }
}

extension DPOSettings {
  init(_ section: Section) throws {
    self.init(rewards: try WeightedRewards(section))
    loss.type = try section.word("loss", default: loss.type)
    loss.beta = try section.double("beta", in: 0...1000, default: loss.beta)
    loss.labelSmoothing = try section.double("label_smoothing", in: 0...0.5, default: loss.labelSmoothing)
    try section.checked("loss") { try loss.check() }
    pairs = try section.word("pairs", default: pairs)
    if pairs != .sampled {
      let ofSamples = ["samples", "rewards", "weights", "temperature", "top_p", "top_k", "min_p"]
      for key in ofSamples where section.has(key) {
        throw section.conflict(key, with: "pairs: \(pairs.rawValue), for which nothing is sampled")
      }
    }
    samples = try section.int("samples", in: 2...1024, default: samples)
    sampling = try Sampling(section)
    maximumTokens = try section.int("max_tokens", in: 1...65_536, default: maximumTokens)
  }
}

extension GRPOSettings {
  init(_ section: Section) throws {
    self.init(rewards: try WeightedRewards(section))
    specAugment = try SpecAugment(of: section)
    generations = try section.int("generations", in: 2...1024, default: generations)
    iterations = try section.int("iterations", in: 1...1000, default: iterations)
    stepsPerGeneration = try section.int("steps_per_generation", in: 1...1000, default: stepsPerGeneration)
    loss = try GRPOLoss(section)
    advantages = AdvantageSettings(
      scale: try section.word("scale_rewards", default: advantages.scale),
      aggregation: try section.word("aggregation", default: advantages.aggregation))
    if section.has("scale_rewards"), advantages.aggregation == .normalizeThenSum {
      throw section.conflict("scale_rewards", with: "aggregation: normalize_then_sum, which scales by itself")
    }
    masksTruncated = try section.bool("mask_truncated", default: masksTruncated)
    dynamicSampling.maximumRounds = try section.int("sampling_rounds", in: 1...1000, default: 1)
    sampling = try Sampling(section)
    let order = try section.choice("curriculum", of: ["none", "easy-to-hard"], default: "none")
    let drops = try section.choices("drop", of: ["never-solved", "always-solved"], default: [])
    if order != "none" {
      curriculum = Curriculum(
        dropsNeverSolved: drops.contains("never-solved"), dropsAlwaysSolved: drops.contains("always-solved"))
    } else if !drops.isEmpty {
      throw section.conflict("drop", with: "an order without curriculum: easy-to-hard")
    }
  }
}

extension GRPOLoss {
  init(_ section: Section) throws {
    let type: Kind = try section.word("loss", default: .dapo)
    let sampling: ImportanceSampling? =
      section.has("importance_sampling_level") ? try section.word("importance_sampling_level", default: .token) : nil
    self.init(
      type: type, importanceSampling: sampling,
      epsilonLow: try section.double("epsilon_low", in: 0...1000, default: 0.2),
      epsilonHigh: try section.optionalDouble("epsilon_high", in: 0...1000),
      delta: try section.optionalDouble("delta", in: 0...1000),
      beta: try section.double("beta", in: 0...1000, default: 0),
      maximumCompletionLength: try section.int("max_tokens", in: 1...65_536, default: 256))
    sapoTemperaturePositive = try section.double("sapo_temperature_pos", in: 1e-6...1e6, default: 1)
    sapoTemperatureNegative = try section.double("sapo_temperature_neg", in: 1e-6...1e6, default: 1.05)
    vespoPositive = GammaWeight(
      k: try section.double("vespo_k_pos", in: 0...1000, default: 2),
      lambda: try section.double("vespo_lambda_pos", in: 1e-6...1000, default: 3))
    vespoNegative = GammaWeight(
      k: try section.double("vespo_k_neg", in: 0...1000, default: 3),
      lambda: try section.double("vespo_lambda_neg", in: 1e-6...1000, default: 2))
    for key in unused where section.has(key) {
      throw section.conflict(key, with: "loss: \(type.rawValue), which has no use for it")
    }
    try section.checked("loss") { try check() }
  }

  /// The keys that the loss never asks; `delta` refuses itself.
  private var unused: [String] {
    let sapo = ["sapo_temperature_pos", "sapo_temperature_neg"]
    let vespo = ["vespo_k_pos", "vespo_lambda_pos", "vespo_k_neg", "vespo_lambda_neg"]
    switch type {
    case .grpo, .bnpo, .drGRPO, .dapo, .luspo: return sapo + vespo
    case .cispo: return ["epsilon_low"] + sapo + vespo
    case .sapo: return ["epsilon_low", "epsilon_high"] + vespo
    case .vespo: return ["epsilon_low", "epsilon_high"] + sapo
    }
  }
}

extension Sampling {
  /// How completions to learn from are sampled; the model's own defaults do not count. The seed is set by the trainer.
  init(_ section: Section) throws {
    self.init(
      temperature: Float(try section.double("temperature", in: 0.01...10, default: 1)),
      topK: try section.int("top_k", in: 0...1_000_000, default: 0),
      topP: Float(try section.double("top_p", in: 0.000_001...1, default: 1)),
      minP: Float(try section.double("min_p", in: 0...1, default: 0)))
  }
}

extension WeightedRewards {
  /// Accuracy alone where the section names no rewards.
  init(_ section: Section) throws {
    let names = try section.strings("rewards", default: ["accuracy"])
    let weights = try section.doubles("weights", in: -1000...1000)
    self = try section.checked("rewards") { try WeightedRewards(names: names, weights: weights) }
  }
}

extension Section {
  /// An error with the place of the key that it begins with, else of `key`.
  func checked<Value>(_ key: String, _ body: () throws -> Value) throws -> Value {
    do {
      return try body()
    } catch {
      let reason = "\(error)"
      let named = String(reason.prefix { $0 != ":" })
      throw TrainingFileError.refused(section: name, reason: reason, at: place(of: has(named) ? named : key))
    }
  }
}
