/// Makes label questions impossible to answer from their text: wherever a label is offered, it is right as often as
/// chance has it.
///
/// A label question is one whose right answer is a label of its clip. Within a split, label questions are divided into
/// sets of as many as they have choices, each with another right label, and the labels of a set become the choices of
/// all its questions. Which questions stay is settled here; ``SetBalance`` draws their choices anew.
public struct LabelBalance: Sendable, Equatable {
  /// What became of the questions on one label in one split.
  public struct Share: Sendable, Equatable {
    public var split: String
    public var label: String
    public var questions: Int
    public var kept: Int
    /// Left out because the other labels are too few to balance them.
    public var overShare: Int
    /// Left out because no set of different labels was left for them.
    public var remainder: Int
  }

  /// The label questions of the sets, with labels for choices, by id.
  public private(set) var kept: [SetQuestion] = []
  public private(set) var dropped: [DroppedQuestion] = []
  /// The other questions, by id; and label questions of sets with fewer labels than choices, as their writer left them.
  public private(set) var others: [SetQuestion] = []
  /// By split and label.
  public private(set) var shares: [Share] = []
  /// How many label questions are among `others`, for want of labels.
  public private(set) var unbalanced = 0

  public init(_ questions: [SetQuestion]) {
    let questions = questions.sorted { $0.id < $1.id }
    let table = LabelTable(questions.lazy.flatMap(\.labels))
    let pools = LabelPool.pools(of: questions, table: table)
    var handled = Set<Int>()
    let enough = LabelPool.choicesWithEnoughLabels(pools)
    for pool in pools {
      guard enough.contains(pool.choices) else {
        unbalanced += pool.members.count
        continue
      }
      handled.formUnion(pool.members.map(\.question))
      add(pool, of: questions, table: table)
    }
    others = questions.indices.filter { !handled.contains($0) }.map { questions[$0] }
    kept.sort { $0.id < $1.id }
    dropped.sort { $0.id < $1.id }
  }

  private mutating func add(_ pool: LabelPool, of questions: [SetQuestion], table: LabelTable) {
    let sets = LabelSets(pool.members, size: pool.choices, table: table)
    var tally: [Int: Share] = [:]
    for member in pool.members {
      let text = table.texts[member.label]
      let new = Share(split: pool.split, label: text, questions: 0, kept: 0, overShare: 0, remainder: 0)
      tally[member.label, default: new].questions += 1
    }
    for set in sets.sets {
      keep(set.map { questions[$0.question] }, labels: set.map { table.texts[$0.label] })
      for member in set { tally[member.label]?.kept += 1 }
    }
    for (member, most) in sets.excess {
      let (text, count) = (shortened(table.texts[member.label]), tally[member.label]?.questions ?? 0)
      let detail = "'\(text)' has \(count) questions in \(pool.split); the other labels balance \(most)."
      drop(questions[member.question], .labelShare, detail)
      tally[member.label]?.overShare += 1
    }
    for member in sets.remainder {
      let text = shortened(table.texts[member.label])
      let detail = "No set of \(pool.choices) different labels was left for '\(text)' in \(pool.split)."
      drop(questions[member.question], .remainder, detail)
      tally[member.label]?.remainder += 1
    }
    shares += tally.keys.sorted().compactMap { tally[$0] }
  }

  /// Gives the questions of a set its labels for choices; each has its own for an answer.
  private mutating func keep(_ set: [SetQuestion], labels: [String]) {
    for (place, question) in set.enumerated() {
      var question = question
      question.correct = labels[place]
      question.distractors = labels.indices.filter { $0 != place }.map { labels[$0] }
      kept.append(question)
    }
  }

  private mutating func drop(_ question: SetQuestion, _ code: ReasonCode, _ detail: String) {
    dropped.append(DroppedQuestion(id: question.id, verdict: Verdict(code: code, detail: detail)))
  }
}

/// The label questions of one split with one number of choices.
struct LabelPool {
  var split: String
  var choices: Int
  var members: [LabelSets.Member]

  /// By split and number of choices.
  static func pools(of questions: [SetQuestion], table: LabelTable) -> [LabelPool] {
    var pools: [String: [Int: LabelPool]] = [:]
    for (index, question) in questions.enumerated() {
      let carried = Set(question.labels.compactMap(table.number)).sorted()
      guard let label = table.number(of: question.correct), carried.contains(label),
        !table.texts[label].unicodeScalars.contains(where: { $0.properties.generalCategory == .control })
      else { continue }
      let choices = question.distractors.count + 1
      let member = LabelSets.Member(
        question: index, label: label, carried: carried, hash: stableHash("earshot label 1", question.id))
      let new = LabelPool(split: question.split, choices: choices, members: [])
      pools[question.split, default: [:]][choices, default: new].members.append(member)
    }
    return pools.keys.sorted().flatMap { split in
      (pools[split] ?? [:]).sorted { $0.key < $1.key }.map(\.value)
    }
  }

  /// The numbers of choices for which the whole set has as many labels.
  static func choicesWithEnoughLabels(_ pools: [LabelPool]) -> Set<Int> {
    let labels = Dictionary(grouping: pools, by: \.choices).mapValues { pools in
      Set(pools.flatMap { $0.members.map(\.label) }).count
    }
    return Set(labels.filter { $0.key > 1 && $0.value >= $0.key }.keys)
  }
}
