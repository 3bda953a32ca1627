import Models

/// How many questions of a held-out set the policy answers right.
struct DevScorer {
  let policy: Policy
  let prompts: PromptMaker
  let set: TrainingSet
  /// The most questions that are asked, from the set's start.
  let limit: Int?
  let maximumTokens: Int

  /// The share of right answers, written greedily; an answer is right where it is the choice's text, or its letter.
  func score() throws -> (accuracy: Double, meanLength: Double, count: Int) {
    let count = min(set.count, limit ?? set.count)
    let reward = AccuracyReward(rule: .letterOrText)
    let sampler = RolloutSampler(policy: policy, sampling: .greedy, maximumTokens: maximumTokens, batch: 32)
    var (right, tokens) = (0.0, 0)
    // A few at a time: the rows of all sounds together may be large.
    for start in stride(from: 0, to: count, by: 64) {
      let made = try (start..<min(start + 64, count)).map {
        try prompts.prompt(try set.example($0, epoch: 0), completionTokens: maximumTokens)
      }
      for rollout in try sampler.sample(made, count: 1, seeds: made.map { _ in 0 }) {
        tokens += rollout.completions.reduce(0) { $0 + $1.tokens.count }
        for (completion, text) in zip(rollout.completions, rollout.texts) {
          let example = rollout.prompt.example
          right +=
            reward.score(
              RewardedCompletion(
                text: text, tokenCount: completion.tokens.count, maximumTokens: maximumTokens,
                isTruncated: completion.finish == .length, choices: example.choices, answer: example.answer ?? -1,
                solution: example.solution)) ?? 0
        }
      }
    }
    return (right / Double(max(count, 1)), Double(tokens) / Double(max(count, 1)), count)
  }
}
