import ArgumentParser
import Dataset
import Evaluation
import Foundation
import Judging

struct ScoreFileCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "score-file",
    abstract: "Score predictions that were made elsewhere.",
    discussion: """
      Predictions are JSON lines or a JSON list of rows with an id and a text; or rows of the test set itself, which \
      carry both (then --data is left out). Every rule stands beside the others, with 95 % intervals and the shares of \
      always-first, longest-choice, most-frequent-place and random. Items without a prediction count as wrong, and are \
      counted on standard error. docs/evaluation.md says what the rules are.

      Examples:
        earshot score-file predictions.jsonl --data mmau-test-mini.json
        earshot score-file results.json --rule mmau --extract answer-tag
        earshot score-file predictions.jsonl --data mmau-test.json --submission submission.json
      """)

  @Argument(help: "The predictions.", completion: .file())
  var predictions: String

  @Option(help: ArgumentHelp("The test set, where the predictions are a file of their own.", valueName: "file"))
  var data: String?

  @Option(help: ArgumentHelp("The member that holds a prediction. Left out: the usual ones.", valueName: "name"))
  var predictionsKey: String?

  @Option(help: "The test set's format. Left out: each row tells.")
  var format: BenchmarkFormat?

  @OptionGroup var scoring: ScoringOptions

  @Option(help: "Whether the whole output is the answer, or what stands in <answer> where something does.")
  var extract: Answered.Extraction = .whole

  @OptionGroup var shape: TableOptions

  @Option(help: ArgumentHelp("A folder for the result, which 'compare' reads.", valueName: "dir"))
  var output: String?

  @Option(
    help: ArgumentHelp(
      "A file for MMAU's submission: its rows with model_output and model_prediction.", valueName: "file"))
  var submission: String?

  func validate() throws {
    for (name, value) in [("data", data), ("predictions-key", predictionsKey), ("output", output)] where value == "" {
      throw ValidationError("--\(name) must not be empty.")
    }
  }

  func run() throws {
    let dataPath = data ?? predictions
    let set = try BenchmarkFile.read(path: dataPath, format: format)
    note(set.refused, of: dataPath)
    let outputs = try outputs(set)
    let scored = try ScoredAnswers(
      set.items, outputs: outputs, extraction: extract, settings: try scoring.settings())
    if let submission { try write(submission, dataPath, outputs) }
    if let output { try write(scored, set, to: output) }
    guard scored.hasScores else {
      printNote("\(dataPath): has no right answers to score by, so there is no table.")
      return
    }
    printResult(shape.isJSON ? jsonLine(scored.records, pretty: true) : shape.text(scored))
  }

  /// What was predicted, by item; nil where nothing was.
  private func outputs(_ set: BenchmarkFile) throws -> [String: String?] {
    if data == nil, predictionsKey == nil {
      let missing = set.items.filter { $0.prediction == nil }.map(\.id)
      guard missing.count < set.items.count else {
        throw ValidationError("\(predictions): no row has a prediction. Name its member with --predictions-key.")
      }
      note(missing: missing)
      return Dictionary(set.items.map { ($0.id, $0.prediction) }, uniquingKeysWith: { first, _ in first })
    }
    let file = try PredictionFile.read(path: predictions, key: predictionsKey)
    note(file.refused, of: predictions)
    let match = file.match(set.items)
    if match.missing.count == set.items.count {
      throw DatasetError.badText(
        path: predictions, line: 1,
        reason: "none of its ids is one of \(data ?? predictions), such as "
          + "'\(withoutControls(set.items.first?.id ?? ""))'")
    }
    note(missing: match.missing)
    if !match.unknown.isEmpty {
      printNote(
        "\(Quantity.count(match.unknown.count, "predictions")) for no item of the test set, left out: "
          + listed(match.unknown))
    }
    return Dictionary(zip(set.items.map(\.id), match.texts), uniquingKeysWith: { first, _ in first })
  }

  private func note(missing: [String]) {
    guard !missing.isEmpty else { return }
    printNote("\(Quantity.count(missing.count, "items")) without a prediction, counted as wrong: \(listed(missing))")
  }

  private func note(_ refused: [RefusedRow], of path: String) {
    guard let first = refused.first else { return }
    let text =
      "\(Quantity.count(refused.count, "rows")) cannot be used; the first: \(path):\(first.line): \(first.reason)"
    printNote(withoutControls(text))
  }

  private func listed(_ ids: [String]) -> String {
    withoutControls(ids.prefix(3).joined(separator: ", ")) + (ids.count > 3 ? ", …" : "")
  }

  private func write(_ path: String, _ dataPath: String, _ outputs: [String: String?]) throws {
    let texts = outputs.compactMapValues { $0 }.mapValues { extract == .answerTag ? AnswerTag.text(in: $0) : $0 }
    try writeWhole(try MMAUSubmission.text(path: dataPath, predictions: texts), to: path)
    printNote("\(path): \(Quantity.count(texts.count, "predictions")) to submit")
  }

  private func write(_ scored: ScoredAnswers, _ set: BenchmarkFile, to folder: String) throws {
    let manifest = Manifest(
      program: Version.current,
      answerer: ["way": "predictions", "predictions": try FileDigest.sha256(path: predictions)],
      data: try Manifest.DataSet(set, format: format, asked: set.items.count), extraction: extract.rawValue)
    try ResultFolder(path: folder).write(scored, manifest)
  }
}

/// Writes a file that appears under its name only when it is whole.
func writeWhole(_ text: String, to path: String) throws {
  try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
}

/// What is scored by which rule, and how sure it is.
struct ScoringOptions: ParsableArguments {
  @Option(help: "all, or one rule: mmau, mmar, strict, letter, air-bench. Give the option again for more.")
  var rule: [String] = []

  @Option(help: "Whether intervals take each item for itself, or draw those of one recording together.")
  var intervals: ScoreTable.Settings.Intervals = .byItem

  func validate() throws {
    _ = try Self.rules(named: rule)
  }

  /// In one order, whatever that of the names.
  static func rules(named names: [String]) throws -> [AnswerRule] {
    for name in names where name != "all" && AnswerRule(rawValue: name) == nil {
      let known = (["all"] + AnswerRule.allCases.map(\.rawValue)).joined(separator: ", ")
      throw ValidationError("--rule: there is no rule '\(name)'. There are \(known).")
    }
    return names.isEmpty || names.contains("all")
      ? AnswerRule.allCases : AnswerRule.allCases.filter { names.contains($0.rawValue) }
  }

  func settings() throws -> ScoreTable.Settings {
    ScoreTable.Settings(rules: try Self.rules(named: rule), intervals: intervals)
  }
}

/// The shape of a table on standard output.
struct TableOptions: ParsableArguments {
  @Flag(help: "A JSON array with an object for each number.")
  var json = false

  @Flag(help: "Comma-separated values, a row for each number.")
  var csv = false

  @Flag(help: "Markdown.")
  var markdown = false

  var isJSON: Bool { json }

  func validate() throws {
    if [json, csv, markdown].count(where: { $0 }) > 1 {
      throw ValidationError("Give one of --json, --csv and --markdown.")
    }
  }

  func text(_ scored: ScoredAnswers) -> String {
    if csv { return withoutLastBreak(TextGrid(scored.records).csv) }
    return markdown ? withoutLastBreak(scored.markdown) : scored.text(width: Terminal.resultColumns)
  }

  func withoutLastBreak(_ text: String) -> String { text.hasSuffix("\n") ? String(text.dropLast()) : text }
}
