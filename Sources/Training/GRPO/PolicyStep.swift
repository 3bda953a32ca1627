package import Audio
import Models
import Tensors

/// One whole step of GRPO without data or rewards, to measure: completions of a fixed length, random advantages, AdamW.
package struct PolicyStep {
  private let policy: Policy
  private let generations: Int
  private let completionTokens: Int
  private let options: PassOptions
  private let optimizer: AdamW

  package init(policy: Policy, generations: Int, completionTokens: Int, recomputesActivations: Bool) {
    self.policy = policy
    self.generations = generations
    self.completionTokens = completionTokens
    options = PassOptions(recomputesActivations: recomputesActivations)
    optimizer = AdamW(parameters: policy.parameters)
  }

  /// Takes the step behind `prompt`, which `samples` come before where there are any; returns the seconds of sampling.
  package func run(prompt: [Int], samples: [Float], random: inout SplitMix64) throws -> Double {
    let clock = ContinuousClock()
    let start = clock.now
    let heard = audio(samples)
    let tokens = Array(repeating: policy.model.configuration.audioToken ?? 0, count: heard.rows) + prompt
    let request = GenerationRequest(
      prompt: tokens, audioRows: heard.audio.map { [policy.rows(of: $0)] } ?? [],
      completions: generations, sampling: Sampling(temperature: 1, seed: random.next()),
      maximumTokens: completionTokens, endTokens: [])
    let completions = try Generator(model: policy.model, batch: generations).complete([request])[0].get()
    let seconds = (clock.now - start) / .seconds(1)
    let group = GRPOGroup(
      group: PolicyGroup(
        tokens: TokenGroup(prompt: tokens, completions: completions.map(\.tokens)), audio: heard.audio),
      advantages: completions.map { _ in random.uniform(-1...1) }, isMasked: completions.map { _ in false })
    _ = try policy.learn(from: [group], loss: GRPOLoss(), options: options, dropoutSeed: nil)
    let norm = clipGradients(policy.parameters, maximumNorm: 1)
    precondition(norm.isFinite, "a gradient of \(norm)")
    optimizer.step(learningRate: 1e-6)
    for parameter in policy.parameters { parameter.clearGradient() }
    return seconds
  }

  private func audio(_ samples: [Float]) -> (audio: PolicyAudio?, rows: Int) {
    guard let encoder = policy.model.encoder, !samples.isEmpty else { return (nil, 0) }
    let count = encoder.rowCount(samples: samples.count)
    return (policy.audio(samples), count)
  }
}
