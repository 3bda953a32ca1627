/// A whole set made fair: labels, frequent answers, positions. The same questions give the same set, in whatever order
/// they come.
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

  /// Balances all questions of a set that passed its checks.
  public init(_ questions: [SetQuestion]) {
    let labels = LabelBalance(questions)
    let answers = AnswerShare(labels.others, fixed: labels.kept)
    placed = AnswerPlacement.place(labels.kept + answers.kept)
    dropped = (labels.dropped + answers.dropped).sorted { $0.id < $1.id }
    labelShares = labels.shares
    unbalancedLabelQuestions = labels.unbalanced
    answerChanges = answers.changes
  }
}
