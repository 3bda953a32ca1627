public import Dataset

/// The scores of answers to a test set of whatever kinds, with the line of each item.
public struct ScoredAnswers: Sendable, Equatable {
  public let table: ScoreTable
  /// Nil where choices were shown in one order only.
  public let consistency: ChoiceConsistency?
  public let texts: TextScores
  public let chats: ChatScores
  /// Open questions, which take a judge.
  public let openQuestions: Int
  /// Items that were asked, as the rules mark them, in the order of the items: those with choices.
  public let answered: [Answered]
  /// In the order of the items.
  public let lines: [AnswerLine]
  /// Whether items that were not asked count as answered wrong.
  public let countsUnasked: Bool
  /// Whether no right answer is known of any item.
  public let isWithheld: Bool

  /// Scores the lines of `items`; an item that has none was not asked. Throws for texts that are too long to align.
  public init(
    _ items: [BenchmarkItem], lines: [AnswerLine], extraction: Answered.Extraction = .whole,
    settings: ScoreTable.Settings = ScoreTable.Settings(), countsUnasked: Bool = false
  ) throws(EvaluationError) {
    let byID = Dictionary(lines.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    let choices = items.filter { $0.kind == .choice }
    let answered = choices.compactMap { item in byID[item.id].flatMap { Answered(item, $0, extraction) } }
    let asked = Set(answered.map(\.id))
    let silent = countsUnasked ? choices.filter { !asked.contains($0.id) } : []
    table = ScoreTable(choices, answered + silent.map { Answered($0, output: nil, extraction: extraction) }, settings)
    consistency = ChoiceConsistency(answered)
    texts = try TextScores(
      items, outputs: Self.outputs(items, byID, countsUnasked), extraction: extraction, attributes: settings.attributes,
      bootstrap: settings.bootstrap)
    let verdicts = byID.compactMapValues { $0.answers?.first?.verdicts }
    chats = ChatScores(items, verdicts: verdicts, bootstrap: settings.bootstrap)
    openQuestions = items.count { $0.kind == .openChat }
    self.answered = answered
    isWithheld = !items.isEmpty && items.allSatisfy { $0.kind == .choice && $0.isWithheld }
    self.lines = lines
    self.countsUnasked = countsUnasked
  }

  /// Scores one output an item, by its id, to the choices in the order of the file. An id that `outputs` lacks was
  /// never asked; nil is an answer that never came. Throws for texts that are too long to align.
  public init(
    _ items: [BenchmarkItem], outputs: [String: String?], extraction: Answered.Extraction = .whole,
    settings: ScoreTable.Settings = ScoreTable.Settings()
  ) throws(EvaluationError) {
    let lines = AnswerLine.lines(items, outputs: outputs, extraction: extraction)
    try self.init(items, lines: lines, extraction: extraction, settings: settings)
  }

  /// The output of each item that was asked; of one that was not, nil where it counts.
  private static func outputs(
    _ items: [BenchmarkItem], _ lines: [String: AnswerLine], _ countsUnasked: Bool
  ) -> [String: String?] {
    var outputs: [String: String?] = [:]
    for item in items where item.kind != .choice {
      if let answer = lines[item.id]?.answers?.first {
        outputs[item.id] = .some(answer.output)
      } else if countsUnasked {
        outputs[item.id] = .some(nil)
      }
    }
    return outputs
  }

  /// Whether there is a single score.
  public var hasScores: Bool { table.total != nil || !texts.sections.isEmpty || !chats.rows.isEmpty }

  /// Items that were not asked, and why.
  public var unasked: [(id: String, reason: String)] {
    lines.compactMap { line in line.unasked.map { (line.id, $0) } }
  }

  /// Items whose sound is longer than is heard.
  public var cutSounds: Int { lines.count { $0.answers?.contains { $0.soundCut == true } ?? false } }

  /// Answers that end because they had as many tokens as were allowed.
  public var cutAnswers: Int { lines.reduce(0) { $0 + ($1.answers ?? []).count { $0.cut == true } } }

  /// Every number, for programs.
  public var records: [ScoreRecord] {
    table.records + (consistency?.records ?? []) + texts.records + chats.records
  }
}

extension Answered {
  /// Nil for an item that was not asked, and for a line that is not the item's.
  fileprivate init?(_ item: BenchmarkItem, _ line: AnswerLine, _ extraction: Answered.Extraction) {
    guard let answers = line.answers else { return nil }
    let outputs = answers.compactMap { answer in ChoiceOrder(places: answer.order).map { ($0, answer.output) } }
    guard outputs.count == answers.count, outputs.allSatisfy({ $0.0.places.count == item.choices.count }) else {
      return nil
    }
    self.init(item, outputs: outputs.map { (order: $0.0, output: $0.1) }, extraction: extraction)
  }
}
