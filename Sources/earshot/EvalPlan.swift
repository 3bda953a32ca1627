import Dataset
import Evaluation
import Foundation
import Judging
import Models
import Stages

/// What is to be asked, read and checked before a model is opened.
struct EvalPlan {
  let hearings: [Hearing]
  let prompts: AskPrompts
  /// Nil where answers are written.
  let measure: LikelihoodAnswerer.Measure?
  /// The rule whose scores come first.
  let rule: AnswerRule
  /// What the user should know of the test set.
  private(set) var notes: [String] = []
  private let options: EvalOptions
  private let set: BenchmarkFile
  private let items: [BenchmarkItem]
  private let form: ChoiceForm

  init(_ options: EvalOptions) throws {
    self.options = options
    guard FileManager.default.fileExists(atPath: options.data) else { throw EvalFileError.missing(options.data) }
    for path in [options.captions].compactMap(\.self) where !FileManager.default.fileExists(atPath: path) {
      throw EvalFileError.missing(path)
    }
    hearings = try options.hearings()
    prompts = AskPrompts(try options.prompt.map { try QuestionPrompt(path: $0) })
    form = try ChoiceForm(askedBy: prompts.choices)
    measure = LikelihoodAnswerer.Measure(rawValue: options.way.rawValue)
    set = try BenchmarkFile.read(path: options.data, format: options.format, audioFolders: options.audioRoot)
    let count = min(options.limit ?? set.items.count, set.items.count)
    let all = set.items
    items = (0..<count).map { all[$0 * all.count / count] }
    rule = options.rule ?? (measure == nil ? Self.rule(of: options.format, form) : .strict)
    try check()
    if !set.refused.isEmpty {
      notes.append("\(set.path): \(Quantity.count(set.refused.count, "rows")) cannot be used:")
      notes += set.refused.prefix(10).map { "  line \($0.line): \($0.reason)" }
    }
  }

  var kinds: Set<BenchmarkItem.Kind> { Set(items.map(\.kind)) }

  private func check() throws(JudgingError) {
    guard let measure else { return }
    if items.allSatisfy(\.choices.isEmpty) { throw .noChoices(data: options.data) }
    if measure == .calibrated, hearings.contains(.none) { throw .nothingToCalibrate(hearing: Hearing.none.rawValue) }
  }

  private static func rule(of format: BenchmarkFormat?, _ form: ChoiceForm) -> AnswerRule {
    switch format {
    case .mmar: .mmar
    case .airBenchFoundation: .airBench
    case _ where form == .letter: .letter
    default: .mmau
    }
  }

  func questions(_ hearing: Hearing, seed: UInt64) throws -> EvaluationRun.Questions {
    let captions =
      hearing == .captions ? try options.captions.map { try ItemCaptions.read(path: $0, for: items) } : nil
    return EvaluationRun.Questions(
      items: items,
      sounds: ItemSounds(items, missing: set.missing, hearing: hearing, seed: seed, captions: captions),
      data: try Manifest.DataSet(
        set, format: options.format, asked: items.count, captions: hearing == .captions ? options.captions : nil))
  }

  func settings(_ hearing: Hearing, _ seed: UInt64) -> EvaluationRun.Settings {
    EvaluationRun.Settings(
      hearing: hearing, orders: options.orders, seed: seed, extraction: extraction,
      countsUnheard: options.missing == .wrong, table: table)
  }

  /// What is chosen by likelihood is the text of a choice.
  private var extraction: Answered.Extraction {
    options.extract ?? (form == .tagged && measure == nil ? .answerTag : .whole)
  }

  /// Items of one recording are drawn together, where the file tells them.
  private var table: ScoreTable.Settings {
    ScoreTable.Settings(intervals: items.contains { $0.recording != nil } ? .byRecording : .byItem)
  }

  func folder(_ hearing: Hearing) -> ResultFolder {
    let name = (options.data as NSString).lastPathComponent
    let usual = "runs/eval-" + (name as NSString).deletingPathExtension
    return ResultFolder(path: (options.output ?? usual) + "/" + hearing.rawValue)
  }
}

/// A file of the command line that is not there.
enum EvalFileError: Error, CustomStringConvertible {
  case missing(String)

  var description: String {
    switch self {
    case .missing(let path): "\(path): there is no such file. Check the path."
    }
  }
}
