import Models
import Tensors

/// What the policy wrote behind a prompt.
struct Rollout {
  var prompt: PolicyPrompt
  var completions: [Completion]
  /// Without end tokens.
  var texts: [String]
}

/// Has the policy complete prompts, several at a time.
struct RolloutSampler {
  let policy: Policy
  let sampling: Sampling
  let maximumTokens: Int

  /// Completions that run at a time; nil for as many as are worth it.
  var batch: Int?

  /// Enough to read the weights for many, few enough that their keys and values fit into 2 GB.
  private var fittingBatch: Int {
    let bytes = policy.model.configuration.decoder.cacheBytesPerToken * max(1, maximumTokens)
    return min(64, max(1, 2 << 30 / bytes))
  }

  /// `count` completions of each prompt; those of a prompt depend on the weights, `seed` and its place in `seeds` alone.
  ///
  /// A prompt is computed once for all its completions.
  func sample(_ prompts: [PolicyPrompt], count: Int, seeds: [UInt64]) throws -> [Rollout] {
    precondition(prompts.count == seeds.count, "\(seeds.count) seeds for \(prompts.count) prompts")
    var next = 0
    var results: [Result<[Completion], ModelError>?] = prompts.map { _ in nil }
    Generator(model: policy.model, batch: batch ?? fittingBatch).run(
      next: {
        guard next < prompts.count else { return nil }
        defer { next += 1 }
        return request(prompts[next], count: count, seed: seeds[next])
      }, onResult: { results[$0] = $1 })
    return try zip(prompts, results).map { prompt, result in
      let completions = try result?.get() ?? []
      return Rollout(prompt: prompt, completions: completions, texts: completions.map(policy.model.text(of:)))
    }
  }

  private func request(_ prompt: PolicyPrompt, count: Int, seed: UInt64) -> GenerationRequest {
    var sampling = sampling
    sampling.seed = seed
    return GenerationRequest(
      prompt: prompt.tokens, audioRows: prompt.audio.map { [policy.rows(of: $0)] } ?? [],
      completions: count, sampling: sampling, maximumTokens: maximumTokens, endTokens: policy.model.endTokens)
  }
}
