import Dataset

/// 1 for a right answer, 0 for any other.
///
/// Answers are compared as texts, never as mathematics: to a symbolic comparison "C major, 120 bpm" and "D minor,
/// 120 bpm" are both 120.
public struct AccuracyReward: Reward, Equatable {
  /// What counts as the right answer.
  public enum Rule: String, CaseIterable, Sendable {
    /// The text of the right choice.
    case exact
    /// The same, in letters of any case.
    case caseless
    /// What MMAU's scorer accepts: the words of the right choice in any order, without those of others. A choice's own
    /// text decides before the words do; questions whose choices have the same words have no other score.
    case mmau
    /// The letter of the right choice, alone or before a text: `B`, `(B)`, `B.`, `B) text`.
    case letter
    /// Either. A choice's own text goes before a letter, where choices are called like letters.
    case letterOrText = "letter-or-text"
  }

  public var rule: Rule
  public var name: String { "accuracy:\(rule.rawValue)" }

  public init(rule: Rule = .exact) { self.rule = rule }

  public func score(_ completion: RewardedCompletion) -> Double? {
    guard let answer = TaggedText(completion.text).answer, !answer.isEmpty else {
      return completion.answerText == nil ? nil : 0
    }
    return isRight(answer, for: completion).map { $0 ? 1 : 0 }
  }

  /// `nil` where the right answer is not known.
  private func isRight(_ answer: String, for completion: RewardedCompletion) -> Bool? {
    guard let expected = completion.answerText else { return nil }
    switch rule {
    case .exact: return answer == expected
    case .caseless: return answer.lowercased() == expected.lowercased()
    case .mmau: return isRightByWords(answer, expected: expected, choices: completion.choices)
    case .letter, .letterOrText:
      guard let right = completion.answerPlace else { return nil }
      let choices = ChoiceTexts(completion.choices)
      let text = rule == .letterOrText ? choices.place(ofText: answer) : nil
      guard let place = text ?? choices.place(ofLetter: answer) else { return false }
      return choices.areEqual(place, right)
    }
  }

  /// To the scorer "C" is "C#" and "man bites dog" is "dog bites man"; a policy would learn to answer so.
  private func isRightByWords(_ answer: String, expected: String, choices: [String]) -> Bool? {
    let texts = ChoiceTexts(choices)
    if let place = texts.place(ofText: answer), let right = texts.place(ofText: expected) {
      return texts.areEqual(place, right)
    }
    guard MMAUMatcher.ambiguity(choices: choices.map(trimmed), answer: expected).isEmpty else { return nil }
    return MMAUMatcher.isCorrect(answer: expected, prediction: answer, choices: choices)
  }
}
