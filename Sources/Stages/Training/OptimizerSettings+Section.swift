import Pipelines
import Training

extension OptimizerSettings {
  init(_ section: Section, rate: Double, batch: Int) throws {
    self.init(learningRate: try section.double("learning_rate", in: 0...10, default: rate))
    self.batch = try section.int("batch", in: 1...65_536, default: batch)
    schedule = try section.word("schedule", default: schedule)
    warmupSteps = try section.optionalInt("warmup_steps", in: 0...1_000_000_000)
    warmupRatio = try section.double("warmup_ratio", in: 0...1, default: warmupRatio)
    if warmupSteps != nil, section.has("warmup_ratio") {
      throw section.conflict("warmup_ratio", with: "warmup_steps", advice: "Leave one out.")
    }
    weightDecay = try section.double("weight_decay", in: 0...10, default: weightDecay)
    let adam = section.section("adam")
    beta1 = try adam.double("beta1", in: 0...0.999_999, default: beta1)
    beta2 = try adam.double("beta2", in: 0...0.999_999_9, default: beta2)
    epsilon = try adam.double("epsilon", in: 1e-20...1, default: epsilon)
    maximumGradientNorm = try section.limit("max_grad_norm", in: 1e-6...1e9, default: maximumGradientNorm)
    passTokens = try section.int("pass_tokens", in: 1...10_000_000, default: passTokens)
    steps = try section.optionalInt("steps", in: 1...1_000_000_000)
    epochs = try section.double("epochs", in: 1e-6...1e6, default: epochs)
    if steps != nil, section.has("epochs") {
      throw section.conflict("epochs", with: "steps", advice: "Leave one out.")
    }
  }
}

extension WatchSettings {
  init(_ section: Section) throws {
    self.init()
    let often = 0...1_000_000_000
    logEvery = try section.int("log_every", in: 1...1_000_000_000, default: logEvery)
    sampleEvery = try section.int("sample_every", in: often, default: sampleEvery)
    evaluateEvery = try section.int("evaluate_every", in: often, default: evaluateEvery)
    evaluationLimit = try section.optionalInt("evaluate_limit", in: 1...1_000_000_000)
    testLimit = try section.optionalInt("test_limit", in: often)
    saveEvery = try section.int("save_every", in: often, default: saveEvery)
    keep = try section.int("keep", in: 1...1_000_000, default: keep)
    recomputesActivations = try section.bool("recompute", default: recomputesActivations)
    stopRules = try StopRules(section.section("stop"))
  }
}

extension StopRules {
  init(_ section: Section) throws {
    self.init()
    let steps = 1...1_000_000_000
    stopsWhenNotFinite = try section.bool("not_finite", default: stopsWhenNotFinite)
    shareWithoutSignal = try section.limit("without_signal", in: 0...1, default: shareWithoutSignal)
    signalPatience = try section.int("without_signal_steps", in: steps, default: signalPatience)
    let flat = try section.limit("flat_reward_steps", in: 1...1e9, default: flatRewardPatience.map(Double.init))
    flatRewardPatience = flat.map { Int($0) }
    divergence = try section.limit("kl", in: 0...1e9, default: divergence)
    divergencePatience = try section.int("kl_steps", in: steps, default: divergencePatience)
    largestDivergence = try section.limit("largest_kl", in: 0...1e9, default: largestDivergence)
  }
}
