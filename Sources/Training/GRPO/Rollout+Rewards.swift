import Models

extension Rollout {
  /// What the rewards say of each completion.
  func scores(_ rewards: WeightedRewards, maximumTokens: Int) -> [RewardScore] {
    zip(completions, texts).map { completion, text in
      rewards.score(
        RewardedCompletion(
          text: text, tokenCount: completion.tokens.count, maximumTokens: maximumTokens,
          isTruncated: completion.finish == .length, choices: prompt.example.choices,
          answer: prompt.example.answer ?? -1, solution: prompt.example.solution))
    }
  }

  /// To look at.
  func sample(
    step: Int, scores: [RewardScore], names: [String], advantages: [Double], model: AudioLanguageModel
  ) -> SampleGroup {
    let shown = prompt.example.messages.flatMap(\.parts).compactMap { part -> String? in
      if case .text(let text) = part { text } else { "<audio>" }
    }
    return SampleGroup(
      step: step + 1, id: prompt.example.id, prompt: shown.joined(separator: " "), answer: prompt.example.solution,
      completions: completions.indices.map { place in
        SampleGroup.Completion(
          text: texts[place], length: completions[place].tokens.count,
          rewards: Dictionary(uniqueKeysWithValues: zip(names, scores[place].values)), reward: scores[place].total,
          advantage: advantages[place], isTruncated: completions[place].finish == .length)
      })
  }
}
