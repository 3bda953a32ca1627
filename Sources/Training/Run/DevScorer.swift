import Models

/// How many questions of a held-out set the policy answers right.
struct DevScorer {
  /// What became of one question.
  struct Answer {
    var id: String
    var text: String
    var tokens: Int
    var isRight: Bool
  }

  let policy: Policy
  let prompts: PromptMaker
  let set: TrainingSet
  /// The most questions that are asked, spread evenly over the set.
  let limit: Int?
  let maximumTokens: Int

  /// The share of right answers, written greedily; an answer is right where it is the choice's text, or its letter.
  func score() throws -> (accuracy: Double, meanLength: Double, count: Int) {
    let answers = try answers(silenced: false)
    let count = Double(max(answers.count, 1))
    return (
      Double(answers.count(where: \.isRight)) / count, Double(answers.reduce(0) { $0 + $1.tokens }) / count,
      answers.count
    )
  }

  /// The answers to all questions that are asked, `silenced` without their sounds.
  func answers(silenced: Bool) throws -> [Answer] {
    let count = min(set.count, limit ?? set.count)
    let sampler = RolloutSampler(policy: policy, sampling: .greedy, maximumTokens: maximumTokens)
    // A few at a time: the rows of all sounds together may be large.
    return try stride(from: 0, to: count, by: 64).flatMap { start in
      let made = try (start..<min(start + 64, count)).map { index in
        var example = try set.example(index * set.count / count, epoch: 0)
        if silenced { example.audio?.isSilenced = true }
        return try prompts.prompt(example, completionTokens: maximumTokens)
      }
      return try sampler.sample(made, count: 1, seeds: made.map { _ in 0 }).flatMap(judged)
    }
  }

  private func judged(_ rollout: Rollout) -> [Answer] {
    let (example, reward) = (rollout.prompt.example, AccuracyReward(rule: .letterOrText))
    return zip(rollout.completions, rollout.texts).map { completion, text in
      let score = reward.score(
        RewardedCompletion(
          text: text, tokenCount: completion.tokens.count, maximumTokens: maximumTokens,
          isTruncated: completion.finish == .length, choices: example.choices, answer: example.answer ?? -1,
          solution: example.solution))
      return Answer(id: example.id, text: text, tokens: completion.tokens.count, isRight: (score ?? 0) > 0)
    }
  }
}
