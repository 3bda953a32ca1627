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

  /// Questions with a stem of many clips whose answers are each other's wrong choices now.
  public let valueQuestions: Int

  /// Balances all questions of a set that passed its checks. Without `balancesValues`, questions that are asked of many
  /// clips keep their writer's choices.
  public init(_ questions: [SetQuestion], balancesValues: Bool = true) {
    let labels = LabelBalance(questions)
    let values = balancesValues ? ValueBalance(labels.others) : ValueBalance([])
    let fixed = labels.kept + values.kept
    let answers = AnswerShare(balancesValues ? values.others : labels.others, fixed: fixed)
    placed = AnswerPlacement.place(fixed + answers.kept)
    dropped = (labels.dropped + values.dropped + answers.dropped).sorted { $0.id < $1.id }
    valueQuestions = values.kept.count
    labelShares = labels.shares
    unbalancedLabelQuestions = labels.unbalanced
    answerChanges = answers.changes
  }
}
