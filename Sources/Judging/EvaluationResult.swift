import Dataset
public import Evaluation

/// What came of a run.
public struct EvaluationResult: Sendable {
  /// An item that was not asked, and why, as a sentence.
  public struct Unasked: Sendable, Equatable {
    public var id: String
    public var reason: String
  }

  public let folder: ResultFolder
  public let manifest: Manifest
  /// Whether the result was there already.
  public let wasComplete: Bool
  public let scored: ScoredAnswers

  init(
    _ items: [BenchmarkItem], _ lines: [AnswerLine], settings: EvaluationRun.Settings, manifest: Manifest,
    folder: ResultFolder, wasComplete: Bool
  ) throws(EvaluationError) {
    (self.manifest, self.folder, self.wasComplete) = (manifest, folder, wasComplete)
    scored = try ScoredAnswers(
      items, lines: lines, extraction: settings.extraction, settings: settings.table,
      countsUnasked: settings.countsUnheard)
  }

  /// In the order of the items.
  public var lines: [AnswerLine] { scored.lines }

  /// The scores of the items with choices.
  public var table: ScoreTable { scored.table }

  /// Nil where the choices were shown in one order only.
  public var consistency: ChoiceConsistency? { scored.consistency }

  public var unasked: [Unasked] { scored.unasked.map { Unasked(id: $0.id, reason: $0.reason) } }

  /// Asks of which something went wrong; they count as unanswered.
  public var problems: [Unasked] {
    lines.flatMap { line in (line.answers ?? []).compactMap { $0.problem }.map { Unasked(id: line.id, reason: $0) } }
  }
}
