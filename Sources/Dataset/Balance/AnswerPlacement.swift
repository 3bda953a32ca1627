/// A question whose choices are in the order they are shown.
public struct PlacedQuestion: Sendable, Equatable {
  public var id: String
  public var choices: [String]
  public var answerIndex: Int

  public init(id: String, choices: [String], answerIndex: Int) {
    self.id = id
    self.choices = choices
    self.answerIndex = answerIndex
  }
}

/// Puts the choices of a set's questions in order, so that every position is right equally often.
public enum AnswerPlacement {
  /// The questions placed, by id.
  ///
  /// Within a split and a number of choices, questions are ranked by the hash of their ids and the answer goes to
  /// position rank mod choices: positions differ by at most one. The other choices are ordered by hash.
  public static func place(_ questions: [SetQuestion]) -> [PlacedQuestion] {
    let groups = Dictionary(grouping: questions) { Group(split: $0.split, choices: $0.distractors.count + 1) }
    let placed = groups.flatMap { group, members in
      ranked(members).enumerated().map { place($0.element, at: $0.offset % group.choices) }
    }
    return placed.sorted { $0.id < $1.id }
  }

  private struct Group: Hashable {
    var split: String
    var choices: Int
  }

  private static func ranked(_ questions: [SetQuestion]) -> [SetQuestion] {
    questions.map { (hash: stableHash("earshot place 1", $0.id), question: $0) }
      .sorted { ($0.hash, $0.question.id) < ($1.hash, $1.question.id) }
      .map(\.question)
  }

  private static func place(_ question: SetQuestion, at index: Int) -> PlacedQuestion {
    var choices = question.distractors.map { (hash: stableHash("earshot order 1", question.id, $0), text: $0) }
      .sorted { ($0.hash, $0.text) < ($1.hash, $1.text) }
      .map(\.text)
    choices.insert(question.correct, at: index)
    return PlacedQuestion(id: question.id, choices: choices, answerIndex: index)
  }
}
