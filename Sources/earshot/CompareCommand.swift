import ArgumentParser
import Dataset
import Evaluation
import Foundation

struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Compare two runs on the same items.",
    discussion: """
      A run is a result's folder, as 'eval' and 'score-file --output' write it, or with --data a file of predictions. \
      Shown are both shares, the first less the second with its paired 95 % interval, McNemar's p (the bootstrap's \
      where items were asked in several orders), and how many items both, one or none has right. Where the test set \
      names recordings, items of one recording are drawn together.

      Examples:
        earshot compare runs/base/audio runs/grpo/audio
        earshot compare base.jsonl grpo.jsonl --data mmau-test-mini.json --rule mmau
      """)

  @Argument(help: "The first run.", completion: .file())
  var first: String

  @Argument(help: "The second run.", completion: .file())
  var second: String

  @Option(help: ArgumentHelp("The test set of two files of predictions.", valueName: "file"))
  var data: String?

  @Option(help: ArgumentHelp("The member that holds a prediction. Left out: the usual ones.", valueName: "name"))
  var predictionsKey: String?

  @Option(help: "The test set's format. Left out: each row tells.")
  var format: BenchmarkFormat?

  @Option(help: "all, or one rule: mmau, mmar, strict, letter, air-bench. Give the option again for more.")
  var rule: [String] = []

  @Option(help: "Whether the whole output is the answer, or what stands in <answer> where something does.")
  var extract: Answered.Extraction = .whole

  @OptionGroup var shape: TableOptions

  func validate() throws {
    _ = try ScoringOptions.rules(named: rule)
  }

  func run() throws {
    let (one, other) = (try compared(first), try compared(second))
    let differences = try differences(one, other)
    let table = ComparisonTable(one.lines, other.lines, rules: try ScoringOptions.rules(named: rule))
    let texts = try TextComparison.all(
      one.lines, other.lines, extraction: (one.extraction ?? extract, other.extraction ?? extract))
    guard table != nil || !texts.isEmpty else { throw CompareError.nothingShared(first: first, second: second) }
    for difference in differences where difference.isOfMethod {
      printNote(
        withoutControls(
          "Not asked alike: \(difference.name) is \(difference.first) in the first run, \(difference.second) in the "
            + "second."))
    }
    note(
      unpaired: Set(one.lines.filter { $0.answers != nil }.map(\.id)),
      Set(other.lines.filter { $0.answers != nil }.map(\.id)))
    printResult(text(table, texts, differences))
  }

  private func note(unpaired one: Set<String>, _ other: Set<String>) {
    let (first, second) = (one.subtracting(other).count, other.subtracting(one).count)
    guard first + second > 0 else { return }
    printNote(
      "Left out: \(Quantity.count(first, "items")) that only the first run was asked, "
        + "\(Quantity.count(second, "items")) that only the second.")
  }

  private func text(
    _ table: ComparisonTable?, _ texts: [TextComparison], _ differences: [Manifest.Difference]
  ) -> String {
    if shape.isJSON {
      let line = ComparisonLine(
        differences: differences, choices: table?.records ?? [], texts: texts.map(TextComparisonRecord.init))
      return jsonLine(line, pretty: true)
    }
    if shape.csv { return shape.withoutLastBreak((table.map { TextGrid($0.records) } ?? TextGrid(texts)).csv) }
    var settings = TextGrid(["setting", "first", "second"])
    for one in differences { settings.add([one.name, one.first, one.second]) }
    let grids = [settings, table?.grid, TextGrid(texts)].compactMap { $0 }.filter { !$0.isEmpty }
    let remark =
      "Shares and differences in percent, with paired 95 % intervals"
      + (table?.isByRecording == true ? " over recordings." : " over items.")
    if shape.markdown { return (grids.map(\.markdown) + [remark]).joined(separator: "\n") }
    return (grids.map { $0.text(width: Terminal.resultColumns) } + [remark]).joined(separator: "\n\n")
  }

  private struct Run {
    var lines: [AnswerLine]
    var manifest: Manifest?

    /// Nil for a file of predictions.
    var extraction: Answered.Extraction? { manifest.map { Answered.Extraction(rawValue: $0.extraction) ?? .whole } }
  }

  private func compared(_ path: String) throws -> Run {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw CompareError.missing(path: path)
    }
    if isFolder.boolValue {
      return Run(lines: try ResultFile.lines(folder: path), manifest: try ResultFile.manifest(folder: path))
    }
    guard let data else { throw CompareError.noData(path: path) }
    let set = try BenchmarkFile.read(path: data, format: format)
    let match = try PredictionFile.read(path: path, key: predictionsKey).match(set.items)
    guard match.missing.count < set.items.count else {
      throw DatasetError.badText(path: path, line: 1, reason: "none of its ids is one of \(data)")
    }
    if !match.missing.isEmpty {
      printNote("\(path): \(Quantity.count(match.missing.count, "items")) without a prediction, counted as wrong.")
    }
    let outputs = Dictionary(zip(set.items.map(\.id), match.texts), uniquingKeysWith: { first, _ in first })
    return Run(lines: AnswerLine.lines(set.items, outputs: outputs, extraction: extract), manifest: nil)
  }

  /// What the runs' settings differ in; throws where they are on other data.
  private func differences(_ one: Run, _ other: Run) throws -> [Manifest.Difference] {
    guard let first = one.manifest, let second = other.manifest else { return [] }
    guard first.data.sha256 == second.data.sha256, first.data.items == second.data.items else {
      throw CompareError.otherData(
        first: "\(first.data.file) (\(first.data.sha256.prefix(12)), \(Quantity.count(first.data.items, "items")))",
        second:
          "\(second.data.file) (\(second.data.sha256.prefix(12)), \(Quantity.count(second.data.items, "items")))")
    }
    // The same bytes may have another name.
    return first.differences(from: second).filter { $0.name != "data" }
  }
}

private struct ComparisonLine: Encodable {
  var differences: [Manifest.Difference]
  var choices: [ComparisonRecord]
  var texts: [TextComparisonRecord]
}

/// The files of a result's folder, as comparisons read them.
private enum ResultFile {
  static func manifest(folder: String) throws -> Manifest {
    let path = folder + "/manifest.json"
    guard let data = FileManager.default.contents(atPath: path) else { throw CompareError.noResult(folder: folder) }
    guard let manifest = try? JSONDecoder().decode(Manifest.self, from: data) else {
      throw CompareError.damaged(path: path, line: nil)
    }
    return manifest
  }

  static func lines(folder: String) throws -> [AnswerLine] {
    let path = folder + "/answers.jsonl"
    guard let data = FileManager.default.contents(atPath: path) else {
      let isUnderWay = FileManager.default.fileExists(atPath: folder + "/answers.part.jsonl")
      throw isUnderWay ? CompareError.underWay(folder: folder) : CompareError.noResult(folder: folder)
    }
    let decoder = JSONDecoder()
    return try data.split(separator: UInt8(ascii: "\n")).enumerated().map { number, line in
      guard let read = try? decoder.decode(AnswerLine.self, from: line) else {
        throw CompareError.damaged(path: path, line: number + 1)
      }
      return read
    }
  }
}

/// Why two runs cannot be compared.
enum CompareError: Error, CustomStringConvertible {
  case missing(path: String)
  case noResult(folder: String)
  case underWay(folder: String)
  case damaged(path: String, line: Int?)
  case noData(path: String)
  case otherData(first: String, second: String)
  case nothingShared(first: String, second: String)

  var description: String {
    switch self {
    case .missing(let path):
      "\(path): there is no such file or folder. Give a result's folder, or a file of predictions."
    case .noResult(let folder):
      "\(folder): holds no result. Give a folder that 'eval' or 'score-file --output' wrote, with answers.jsonl in it."
    case .underWay(let folder): "\(folder): the run is not at its end. Run its command again, then compare."
    case .damaged(let path, let line):
      "\(path)\(line.map { ":\($0)" } ?? ""): is not as it was written. Make the result again."
    case .noData(let path): "\(path): is a file of predictions. Give its test set with --data."
    case .otherData(let first, let second):
      "The runs are on other data: \(first) and \(second). Compare runs on the same test set."
    case .nothingShared(let first, let second):
      "\(first) and \(second): share no item that a rule marks. Compare runs on the same questions with choices."
    }
  }

  var status: Int32 {
    switch self {
    case .missing, .noResult: Failure.Status.missingInput
    case .noData: Failure.Status.usage
    default: Failure.Status.badData
    }
  }
}
