/// A whole set made fair: labels, quantities and courses, frequent answers, positions. The same questions give the same
/// set, in whatever order they come.
public struct SetBalance: Sendable, Equatable {
  /// The questions of the set with their choices in order, by id.
  public let placed: [PlacedQuestion]
  /// The questions left out, by id.
  public let dropped: [DroppedQuestion]
  /// What became of the label questions, by split and label.
  public let labelShares: [LabelBalance.Share]
  /// Label questions that keep their writer's choices, as the set has fewer labels than a question choices.
  public let unbalancedLabelQuestions: Int
  /// Texts that were right too often or too seldom, by text.
  public let answerChanges: [AnswerShare.Change]

  /// Questions whose answers are each other's wrong choices now; see ``ValueBalance``.
  public let valueQuestions: Int
  /// Others whose wrong choices are from the set; see ``CorpusDistractors``.
  public let corpusQuestions: Int

  /// Balances all questions of a set that passed its checks. `isFalse` tells whether the wrong choices that a question
  /// got from the set are wrong of its clip.
  public init(
    _ questions: [SetQuestion], distractors: DistractorSource = .values,
    isFalse: @escaping (SetQuestion) -> Bool = { _ in true }
  ) {
    let labels = LabelBalance(questions)
    // Of the stem nothing has changed.
    let rules = ChoiceRules(forbiddenTokens: [], metaPhrases: [])
    let isSound = { (question: SetQuestion) in
      let asked = ChoiceQuestion(stem: question.stem, choices: question.choices, answer: 0)
      return !rules.findings(in: asked).contains { $0.severity == .error } && isFalse(question)
    }
    let values = ValueBalance(distractors == .written ? [] : labels.others, isSound: isSound)
    let left = distractors == .written ? labels.others : values.others
    let corpus = CorpusDistractors(distractors == .corpus ? left : [], isSound: isSound)
    let weights = OfferWeights(labels.kept + values.kept)
    let drawn =
      DrawnChoices.labels(labels.kept, weights)
      + DrawnChoices.values(values, of: labels.others, weights, isSound: isSound)
    // Before the draw their shares are even, so that what chance adds is not held against the other questions.
    let answers = AnswerShare(distractors == .corpus ? corpus.questions : left, fixed: labels.kept + values.kept)
    placed = AnswerPlacement.place(drawn + answers.kept)
    dropped = (labels.dropped + values.dropped + answers.dropped).sorted { $0.id < $1.id }
    valueQuestions = values.kept.count
    corpusQuestions = corpus.exchanged
    labelShares = labels.shares
    unbalancedLabelQuestions = labels.unbalanced
    answerChanges = answers.changes
  }
}
