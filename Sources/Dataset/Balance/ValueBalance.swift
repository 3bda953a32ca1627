/// Makes questions that are asked of many clips impossible to answer from their text: a question on a quantity or a
/// course ("How long is the recording?", "How does the pitch move?") has answers that are usual in the set, and wrong
/// choices that are not, which gives it away.
///
/// Within a split, questions with the same stem are divided into sets of as many as they have choices, each with another
/// answer that is wrong of the others, and the answers of a set become the choices of all its questions. An answer is
/// wrong of another question where its writer said so, or where it is far enough from the right one; see
/// ``ValueSpacing``.
public struct ValueBalance: Sendable, Equatable {
  /// The questions of the sets, by id.
  public private(set) var kept: [SetQuestion] = []
  public private(set) var dropped: [DroppedQuestion] = []
  /// Questions whose stem is too rare for anything to be learnt from it, by id; their choices stay as written.
  public private(set) var others: [SetQuestion] = []

  /// Stems of fewer than so many times the choices are left alone.
  static let fewestSets = 2

  private struct Pool: Hashable {
    var split: String
    var choices: Int
    var stem: String
  }

  public init(_ questions: [SetQuestion]) {
    let pools = Dictionary(grouping: questions.sorted { $0.id < $1.id }) { question in
      Pool(split: question.split, choices: question.distractors.count + 1, stem: question.stem.lowercased())
    }
    for (pool, members) in pools {
      guard !pool.stem.isEmpty, pool.choices > 1, members.count >= Self.fewestSets * pool.choices else {
        others += members
        continue
      }
      let sets = ValueSets(members, size: pool.choices)
      for set in sets.sets { keep(set) }
      for question in sets.remainder {
        let detail = "No \(pool.choices) answers far enough apart were left for '\(shortened(question.correct))'."
        dropped.append(DroppedQuestion(id: question.id, verdict: Verdict(code: .remainder, detail: detail)))
      }
    }
    kept.sort { $0.id < $1.id }
    dropped.sort { $0.id < $1.id }
    others.sort { $0.id < $1.id }
  }

  private mutating func keep(_ set: [SetQuestion]) {
    for (place, question) in set.enumerated() {
      var question = question
      question.distractors = set.indices.filter { $0 != place }.map { set[$0].correct }
      kept.append(question)
    }
  }
}
