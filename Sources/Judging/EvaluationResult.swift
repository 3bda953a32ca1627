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
  /// In the order of the items.
  public let records: [AnswerRecord]
  public let table: ScoreTable
  /// Nil where the choices were shown in one order only.
  public let consistency: ChoiceConsistency?
  public let unasked: [Unasked]
  /// Items whose sound is longer than is heard.
  public let cutSounds: Int
  /// Answers that end because they had as many tokens as were allowed.
  public let cutAnswers: Int
  /// Asks of which something went wrong; they count as unanswered.
  public let problems: [Unasked]

  init(
    _ items: [BenchmarkItem], _ records: [AnswerRecord], settings: EvaluationRun.Settings, manifest: Manifest,
    folder: ResultFolder, wasComplete: Bool
  ) {
    (self.manifest, self.folder, self.records, self.wasComplete) = (manifest, folder, records, wasComplete)
    let pairs = zip(items, records).filter { settings.countsUnheard || $1.unasked == nil }
    let answered = pairs.map { item, record in
      record.unasked == nil
        ? record.answered(item, settings.extraction)
        : Answered(item, output: nil, extraction: settings.extraction)
    }
    table = ScoreTable(items, answered, settings.table)
    consistency = ChoiceConsistency(answered)
    unasked = records.compactMap { record in record.unasked.map { Unasked(id: record.id, reason: $0) } }
    cutSounds = records.count { $0.answers.contains(where: \.reply.isSoundCut) }
    let answers = records.flatMap { record in record.answers.map { (record.id, $0.reply) } }
    cutAnswers = answers.count(where: \.1.isCut)
    problems = answers.compactMap { id, reply in reply.problem.map { Unasked(id: id, reason: $0) } }
  }
}
