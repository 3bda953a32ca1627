public import Dataset

/// The scores of answers to a test set of whatever kinds, with the line of each item.
public struct ScoredAnswers: Sendable, Equatable {
  public let table: ScoreTable
  public let texts: TextScores
  /// Open questions, which take a judge.
  public let chats: Int
  /// In the order of the items.
  public let lines: [AnswerLine]

  /// Scores one output an item, by its id, to the choices in the order of the file. An id that `outputs` lacks was
  /// never asked; nil is an answer that never came. Throws for texts that are too long to align.
  public init(
    _ items: [BenchmarkItem], outputs: [String: String?], extraction: Answered.Extraction = .whole,
    settings: ScoreTable.Settings = ScoreTable.Settings()
  ) throws(EvaluationError) {
    let choices = items.filter { $0.kind == .choice }
    let answered = choices.compactMap { item in
      outputs[item.id].map { Answered(item, output: $0, extraction: extraction) }
    }
    table = ScoreTable(choices, answered, settings)
    texts = try TextScores(
      items, outputs: outputs, extraction: extraction, attributes: settings.attributes, bootstrap: settings.bootstrap)
    chats = items.count { $0.kind == .openChat }
    lines = AnswerLine.lines(items, outputs: outputs, extraction: extraction)
  }

  /// Whether there is a single score.
  public var hasScores: Bool { table.total != nil || !texts.sections.isEmpty }

  public var records: [ScoreRecord] { table.records + texts.records }

  /// For a terminal of `width` characters.
  public func text(width: Int) -> String {
    let blocks = grids.map { heading, grid in (heading.map { "\($0)\n" } ?? "") + grid.text(width: width) }
    return (blocks + remarks).joined(separator: "\n\n")
  }

  public var markdown: String {
    let blocks = grids.map { heading, grid in (heading.map { "### \($0)\n\n" } ?? "") + grid.markdown }
    return (blocks + remarks.map { $0 + "\n" }).joined(separator: "\n")
  }

  private var grids: [(heading: String?, grid: TextGrid)] {
    let isAlone = texts.sections.isEmpty
    let choices = table.total == nil ? [] : [(isAlone ? nil : "choices", table.grid)]
    let others = texts.sections.flatMap { section in
      [(Optional(section.measure.name), section.grid)]
        + (section.confusionGrid.map { [(Optional("labels: right and told"), $0)] } ?? [])
    }
    return choices + others
  }

  private var remarks: [String] {
    var remarks: [String] = []
    let unscorable = table.unscorable + texts.unscorable
    let unasked = table.unasked.count + texts.unasked.count
    if hasScores {
      remarks.append("Shares in percent, with 95 % intervals; what is unanswered or undecided counts as wrong.")
    }
    if unasked > 0 { remarks.append("Not asked, and in no row: \(counted(unasked)).") }
    if unscorable > 0 {
      remarks.append("Without a right answer, or in a language no measure here scores: \(counted(unscorable)).")
    }
    if chats > 0 { remarks.append("Open questions, which take a judge: \(counted(chats)).") }
    return remarks
  }
}

/// "1 item", "2 items".
func counted(_ items: Int) -> String { items == 1 ? "1 item" : "\(items) items" }
