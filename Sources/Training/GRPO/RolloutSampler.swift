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

  /// `count` completions of each prompt; those of a prompt depend on the weights and its place's seed.
  ///
  /// A prompt is computed once for all its completions. With AVX-512 they do not depend, to the bit, on what is computed
  /// beside them; on other processors, where products of more than 32 rows are summed in another order than smaller
  /// ones, the last bits may, and with them what is drawn. The same prompts and seeds give the same there too.
  func sample(_ prompts: [PolicyPrompt], count: Int, seeds: [UInt64]) throws -> [Rollout] {
    precondition(prompts.count == seeds.count, "\(seeds.count) seeds for \(prompts.count) prompts")
    let endTokens = try policy.model.stopTokens()
    var next = 0
    var results: [Result<[Completion], ModelError>?] = prompts.map { _ in nil }
    Generator(model: policy.model, batch: batch ?? fittingBatch).run(
      next: {
        guard next < prompts.count else { return nil }
        defer { next += 1 }
        return request(prompts[next], count: count, seed: seeds[next], endTokens: endTokens)
      }, onResult: { results[$0] = $1 })
    return try zip(prompts, results).map { prompt, result in
      let completions = try result?.get() ?? []
      return Rollout(prompt: prompt, completions: completions, texts: completions.map(policy.model.text(of:)))
    }
  }

  private func request(
    _ prompt: PolicyPrompt, count: Int, seed: UInt64, endTokens: Set<Int>
  ) -> GenerationRequest {
    var sampling = sampling
    sampling.seed = seed
    return GenerationRequest(
      prompt: prompt.tokens, audioRows: prompt.audio.map { [policy.rows(of: $0)] } ?? [],
      completions: count, sampling: sampling, maximumTokens: maximumTokens, endTokens: endTokens)
  }
}
