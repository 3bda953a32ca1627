public import Dataset
public import Evaluation
import Models

/// A test set as it is asked: read once, for all hearings.
public struct TestSet: Sendable {
  /// Those that are asked, in the order of the file.
  public let items: [BenchmarkItem]
  /// Those of the items whose sound is not there.
  public let missing: [BenchmarkFile.MissingSound]
  /// What the user should know of the file, a line each.
  public let notes: [String]
  /// The rule that the test set is usually scored by.
  public let rule: AnswerRule
  private let set: BenchmarkFile
  private let format: BenchmarkFormat?
  private let tasks: [String]
  private let extraction: Answered.Extraction
  private let way: AnsweringWay
  private let countsUnheard: Bool

  /// Reads `path`. Of it are asked the items of `tasks` (see ``BenchmarkItem/isOf(task:)``; none given: all), and of
  /// these `limit`, spread evenly. `extraction` left out is what `prompts` and `way` ask for. Items that cannot be
  /// heard are left out of the scores unless `countsUnheard`.
  public init(
    path: String, format: BenchmarkFormat? = nil, audioFolders: [String] = [], limit: Int? = nil, tasks: [String] = [],
    prompts: AskPrompts, way: AnsweringWay, extraction: Answered.Extraction? = nil, countsUnheard: Bool = false
  ) throws {
    let form = try ChoiceForm(askedBy: prompts.choices)
    set = try BenchmarkFile.read(path: path, format: format, audioFolders: audioFolders)
    let chosen = try Self.choose(tasks, from: set)
    let count = min(limit ?? chosen.count, chosen.count)
    items = (0..<count).map { chosen[$0 * chosen.count / count] }
    if !prompts.choices.showsQuestion, items.contains(where: { $0.kind == .choice }) {
      throw JudgingError.promptWithoutQuestion(prompt: prompts.choices.name)
    }
    if way.measure != nil, items.allSatisfy(\.choices.isEmpty) { throw JudgingError.noChoices(data: path) }
    let ids = Set(items.map(\.id))
    missing = set.missing.filter { ids.contains($0.id) }
    notes = Self.notes(set, tasks)
    rule = way == .generate ? Self.rule(of: format, form) : .strict
    // What is chosen by likelihood is the text of a choice.
    self.extraction = extraction ?? (form == .tagged && way == .generate ? .answerTag : .whole)
    (self.format, self.way, self.countsUnheard) = (format, way, countsUnheard)
    self.tasks = Set(tasks).sorted()
  }

  public var kinds: Set<BenchmarkItem.Kind> { Set(items.map(\.kind)) }

  /// The items with what is heard of each. `captions` names a file of captions that take the place of the rows' own.
  public func questions(
    _ hearing: Hearing, seed: UInt64, captions: String? = nil
  ) throws -> EvaluationRun.Questions {
    if way == .calibrated, hearing == .none { throw JudgingError.nothingToCalibrate(hearing: hearing.rawValue) }
    let captions = hearing == .captions ? captions : nil
    let texts = try captions.map { try ItemCaptions.read(path: $0, for: items) }
    return EvaluationRun.Questions(
      items: items, sounds: ItemSounds(items, missing: missing, hearing: hearing, seed: seed, captions: texts),
      data: try Manifest.DataSet(
        set, format: format, asked: items.count, tasks: tasks.isEmpty ? nil : tasks, captions: captions))
  }

  /// Items of one recording are drawn together, where the file tells them.
  public func settings(_ hearing: Hearing, orders: Int, seed: UInt64) -> EvaluationRun.Settings {
    EvaluationRun.Settings(
      hearing: hearing, orders: orders, seed: seed, extraction: extraction, countsUnheard: countsUnheard,
      table: ScoreTable.Settings(intervals: items.contains { $0.recording != nil } ? .byRecording : .byItem))
  }

  private static func choose(_ tasks: [String], from set: BenchmarkFile) throws(JudgingError) -> [BenchmarkItem] {
    guard !tasks.isEmpty else { return set.items }
    let chosen = set.items.filter { item in tasks.contains { item.isOf(task: $0) } }
    guard chosen.isEmpty else { return chosen }
    throw .noSuchTask(data: set.path, tasks: tasks, known: Set(set.items.flatMap(\.tasks)).sorted())
  }

  private static func notes(_ set: BenchmarkFile, _ tasks: [String]) -> [String] {
    let idle = tasks.filter { task in !set.items.contains { $0.isOf(task: task) } }
    var notes = idle.map { "\(set.path): no item is of the task '\($0)'" }
    if !set.refused.isEmpty {
      let count = set.refused.count
      notes.append("\(set.path): \(count) \(count == 1 ? "row" : "rows") cannot be used:")
      notes += set.refused.prefix(10).map { "  line \($0.line): \($0.reason)" }
    }
    return notes
  }

  private static func rule(of format: BenchmarkFormat?, _ form: ChoiceForm) -> AnswerRule {
    switch format {
    case .mmar: .mmar
    case .airBenchFoundation: .airBench
    case _ where form == .letter: .letter
    default: .mmau
    }
  }
}

extension BenchmarkItem {
  /// Whether `task` is what the item tests: its task, skill, category or type of question, as test sets variously call
  /// it.
  public func isOf(task: String) -> Bool { tasks.contains(task) }

  fileprivate var tasks: [String] {
    ["task", "skill", "category", "question_type", "type"].compactMap { attribute($0) }
  }
}
