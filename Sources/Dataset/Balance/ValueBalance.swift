/// Makes questions that are asked of many clips impossible to answer from their text: a question on a quantity or a
/// course ("How long is the recording?", "How does the pitch move?") has answers that are usual in the set, and wrong
/// choices that are not, which gives it away.
///
/// Within a split, such questions are divided into sets of as many as they have choices, each with another answer that is
/// wrong of the others, and the answers of a set become the choices of all its questions: whatever is offered is right
/// as often as chance has it. A quantity is wrong of another question where it is far enough from the right one
/// (``ValueScale``), another answer where that question's writer gave it as wrong.
public struct ValueBalance: Sendable, Equatable {
  /// The questions of the sets, by id.
  public let kept: [SetQuestion]
  /// The same, by what they can lend each other.
  let pools: [Pool]
  public let dropped: [DroppedQuestion]
  /// Questions that too few others are like for anything to be learnt from them, by id; their choices stay as written.
  public let others: [SetQuestion]

  /// Questions whose answers are each other's wrong choices.
  struct Pool: Sendable, Equatable {
    /// With the choices of their sets.
    var questions: [SetQuestion]
    /// By id: what their writer gave as wrong.
    var written: [String: [String]]
    /// Where the answers are quantities.
    var scale: ValueScale?
  }

  /// `isSound` tells whether the choices of a question can stand together, and its wrong ones are wrong of its clip.
  public init(_ questions: [SetQuestion], isSound: (SetQuestion) -> Bool = { _ in true }) {
    let division = withoutActuallyEscaping(isSound) { isSound in
      var division = ValueDivision(isSound: isSound)
      division.divide(questions.sorted { $0.id < $1.id })
      return (division.pools, division.dropped, division.others)
    }
    // Each question is in one pool.
    pools = division.0.sorted { ($0.questions.first?.id ?? "") < ($1.questions.first?.id ?? "") }
    kept = pools.flatMap(\.questions).sorted { $0.id < $1.id }
    dropped = division.1.sorted { $0.id < $1.id }
    others = division.2.sorted { $0.id < $1.id }
  }
}

/// ``ValueBalance`` at work.
private struct ValueDivision {
  /// Questions that can be each other's wrong choices.
  private struct Kind: Hashable {
    var split: String
    var choices: Int
    /// The stem, or the skill where stems are rare.
    var asked: String
    /// Of the answers, where they are quantities.
    var shape: String?
  }

  /// Fewer questions than so many times the choices are left alone.
  private static let fewestSets = 2
  /// How much wider sets are tried of questions whose first ones were not sound.
  private static let widenings = [1, 1.5, 2.25]

  let isSound: (SetQuestion) -> Bool
  var pools: [ValueBalance.Pool] = []
  var dropped: [DroppedQuestion] = []
  var others: [SetQuestion] = []

  mutating func divide(_ questions: [SetQuestion]) {
    var rare: [SetQuestion] = []
    for (kind, members) in kinds(questions, by: \.stem) {
      if isSmall(kind, members) {
        if kind.shape == nil { others += members } else { rare += members }
      } else if kind.shape == nil {
        divide(answers: members, kind)
      } else {
        divide(quantities: members, kind)
      }
    }
    // Stems that few questions have share what they ask for with others.
    for (kind, members) in kinds(rare, by: \.skill) {
      if isSmall(kind, members) { others += members } else { divide(quantities: members, kind) }
    }
  }

  private func kinds(_ questions: [SetQuestion], by asked: (SetQuestion) -> String) -> [Kind: [SetQuestion]] {
    Dictionary(grouping: questions) { question in
      Kind(
        split: question.split, choices: question.choices.count, asked: asked(question).lowercased(),
        shape: ChoiceValue(question.correct)?.shape)
    }
  }

  private func isSmall(_ kind: Kind, _ members: [SetQuestion]) -> Bool {
    kind.asked.isEmpty || kind.choices < 2 || members.count < Self.fewestSets * kind.choices
  }

  private mutating func divide(quantities members: [SetQuestion], _ kind: Kind) {
    guard let scale = ValueScale(members) else {
      others += members
      return
    }
    var (left, kept): ([SetQuestion], [SetQuestion]) = (members, [])
    for widening in Self.widenings {
      let division = QuantitySets(
        places: left.map { ChoiceValue($0.correct).map(scale.place) ?? 0 },
        hashes: left.map { stableHash("earshot value 1", $0.id) }, size: kind.choices, least: scale.least * widening)
      let unsound = division.sets.filter { !exchange($0.map { left[$0] }, &kept) }
      left = (division.left + unsound.flatMap(\.self)).map { left[$0] }
      if unsound.isEmpty { break }
    }
    add(kept, of: members, scale)
    drop(left, "No \(kind.choices) answers far enough apart were left for")
  }

  /// Answers in words, where writers choose from a few that come again and again: most of what they offer as wrong is
  /// right of another question.
  private mutating func divide(answers members: [SetQuestion], _ kind: Kind) {
    let right = Set(members.map { $0.correct.lowercased() })
    let wrong = members.flatMap(\.distractors)
    let isClosed = 2 * wrong.count { right.contains($0.lowercased()) } >= wrong.count
    guard isClosed, right.count >= kind.choices, 2 * right.count <= members.count else {
      others += members
      return
    }
    let sets = ValueSets(members, size: kind.choices)
    var kept: [SetQuestion] = []
    let unsound = sets.sets.filter { !exchange($0, &kept) }
    add(kept, of: members, nil)
    drop(
      sets.remainder + unsound.flatMap(\.self), "No \(kind.choices) answers that are wrong of each other were left for")
  }

  /// Exchanges the answers of a set; false where that does not do for one of its questions.
  private func exchange(_ set: [SetQuestion], _ kept: inout [SetQuestion]) -> Bool {
    let exchanged = set.enumerated().map { place, question in
      var question = question
      question.distractors = set.indices.filter { $0 != place }.map { set[$0].correct }
      return question
    }
    guard exchanged.allSatisfy(isSound) else { return false }
    kept += exchanged
    return true
  }

  private mutating func add(_ kept: [SetQuestion], of members: [SetQuestion], _ scale: ValueScale?) {
    guard !kept.isEmpty else { return }
    let written = Dictionary(members.map { ($0.id, $0.distractors) }, uniquingKeysWith: { first, _ in first })
    pools.append(ValueBalance.Pool(questions: kept.sorted { $0.id < $1.id }, written: written, scale: scale))
  }

  private mutating func drop(_ questions: [SetQuestion], _ reason: String) {
    for question in questions {
      let detail = "\(reason) '\(shortened(question.correct))'."
      dropped.append(DroppedQuestion(id: question.id, verdict: Verdict(code: .remainder, detail: detail)))
    }
  }
}
