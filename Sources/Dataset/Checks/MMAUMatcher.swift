/// The rule by which MMAU's `evaluation.py` (commit 110127f) decides whether an answer in free text is right.
///
/// A text is the set of its words (see ``words(in:)``). A prediction is right when it has a word, holds all words of
/// the answer, and holds no word that a choice with another set of words adds to those of the answer.
public struct MMAUMatcher: Sendable {
  private let answer: Set<Word>
  private let incorrect: Set<Word>

  /// A matcher for one question.
  public init(answer: String, choices: [String]) {
    let answerWords = Set(words(in: answer))
    let others = choices.map { Set(words(in: $0)) }.filter { $0 != answerWords }
    self.answer = answerWords
    incorrect = others.reduce(into: []) { $0.formUnion($1.subtracting(answerWords)) }
  }

  /// Whether the scorer counts `prediction` as right.
  public func accepts(_ prediction: String) -> Bool {
    let predicted = Set(words(in: prediction))
    return !predicted.isEmpty && answer.isSubset(of: predicted) && predicted.isDisjoint(with: incorrect)
  }

  /// Whether the scorer counts `prediction` as right for a question with this answer and these choices.
  public static func isCorrect(answer: String, prediction: String, choices: [String]) -> Bool {
    MMAUMatcher(answer: answer, choices: choices).accepts(prediction)
  }

  /// The choices on which the scorer is wrong: those that differ from the answer and that it accepts, and the answer
  /// itself where it does not. Empty for a question it can score.
  public static func ambiguity(choices: [String], answer: String) -> [String] {
    let matcher = MMAUMatcher(answer: answer, choices: choices)
    return choices.filter { matcher.accepts($0) != $0.utf8.elementsEqual(answer.utf8) }
  }
}
