import Audio
import Dataset
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

  /// Hears of every chunk that is answered: questions done, and in all. What it throws ends the answering.
  typealias Listener = (_ done: Int, _ total: Int) throws -> Void

  let policy: Policy
  let prompts: PromptMaker
  let set: TrainingSet
  /// The most questions that are asked, spread evenly over the set.
  let limit: Int?
  let maximumTokens: Int

  // A few at a time: the rows of all sounds together may be large.
  private let chunk = 64

  /// How many questions are asked.
  var count: Int { min(set.count, limit ?? set.count) }

  /// Changes with everything that a score depends on beside the policy, so that only like is compared with like.
  var mark: UInt64 { stableHash("earshot dev 1", set.digest, "\(limit ?? 0)", "\(maximumTokens)") }

  /// The share of right answers, written greedily.
  func score(tell: Listener = { _, _ in }) throws -> (accuracy: Double, meanLength: Double, count: Int) {
    let answers = try answers(silenced: false, tell: tell)
    let count = Double(max(answers.count, 1))
    return (
      Double(answers.count(where: \.isRight)) / count, Double(answers.reduce(0) { $0 + $1.tokens }) / count,
      answers.count
    )
  }

  /// The answers to all questions that are asked, `silenced` without their sounds.
  func answers(silenced: Bool, tell: Listener = { _, _ in }) throws -> [Answer] {
    let count = count
    let sampler = RolloutSampler(policy: policy, sampling: .greedy, maximumTokens: maximumTokens)
    return try stride(from: 0, to: count, by: chunk).flatMap { start in
      let end = min(start + chunk, count)
      let made = try (start..<end).map { index in
        var example = try set.example(index * set.count / count, epoch: 0)
        if silenced { example.audio?.isSilenced = true }
        return try prompts.prompt(example, completionTokens: maximumTokens)
      }
      let answers = try sampler.sample(made, count: 1, seeds: made.map { _ in 0 }).flatMap(judged)
      try tell(end, count)
      return answers
    }
  }

  private func judged(_ rollout: Rollout) -> [Answer] {
    let example = rollout.prompt.example
    return zip(rollout.completions, rollout.texts).map { completion, text in
      let completed = RewardedCompletion(
        text: text, tokenCount: completion.tokens.count, maximumTokens: maximumTokens,
        isTruncated: completion.finish == .length, choices: example.choices, answer: example.answer ?? -1,
        solution: example.solution)
      return Answer(
        id: example.id, text: text, tokens: completion.tokens.count,
        isRight: HeldOutJudge(form: set.composer.form).isRight(completed))
    }
  }
}

/// Says whether a held-out question is answered right, in the form that its phase teaches.
struct HeldOutJudge {
  let form: AnswerForm

  /// With choices, the right one's text or its letter counts, and its letter alone where letters are taught; without,
  /// the text of the answer, whatever its case, spacing and end mark.
  func isRight(_ completion: RewardedCompletion) -> Bool {
    if completion.answerPlace != nil {
      return AccuracyReward(rule: form == .letter ? .letter : .letterOrText).score(completion) == 1
    }
    guard let answer = TaggedText(completion.text).answer, let expected = completion.answerText else { return false }
    let said = Self.words(answer)
    return !said.isEmpty && said == Self.words(expected)
  }

  /// In small letters, without marks at the end.
  private static func words(_ text: String) -> [String] {
    let bare = trimmed(text).lowercased()
    let end = bare.lastIndex { !".!?".contains($0) && !$0.isWhitespace }
    return (end.map { bare[...$0] } ?? "").split(whereSeparator: \.isWhitespace).map(String.init)
  }
}
