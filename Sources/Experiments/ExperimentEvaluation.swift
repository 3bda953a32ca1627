public import Judging

/// How what comes of the arms is measured: all of them on the same questions.
public struct ExperimentEvaluation: Sendable, Equatable {
  /// Names of the sets whose test rows are asked.
  public var sets: [String]
  /// Kinds of questions that are asked; none for all.
  public var tasks: [String]
  /// What is heard, one column of the table each; the first is the one that arms are compared by.
  public var hearings: [Hearing]
  /// How an answer is found.
  public var way: AnsweringWay
  /// The prompt file.
  public var prompt: String
  /// Orders of its choices that a question is asked in.
  public var orders: Int
  /// The most questions of a set, spread evenly; nil for all.
  public var limit: Int?
  /// The most tokens of an answer.
  public var maximumTokens: Int
}
