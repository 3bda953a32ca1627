import ArgumentParser
import Dataset
import Evaluation
import Foundation

struct LintCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lint",
    abstract: "Look for what is wrong with a set of choice questions.",
    discussion: """
      Item by item: repeated and nested choices, answers that are missing, that MMAU's scorer confuses, that the stem \
      gives away or that stand out by length, unit, number or article; text about a caption; tokens of trainers. Over \
      the whole set: where answers stand, what the longest choice and the choices' texts give away, how much stems \
      repeat. Read are files, or folders with all their splits as one set, in any format that 'earshot import' reads. No \
      model is used, and no sound. docs/checks.md describes every rule.

      The exit status is 65 where there are errors, and 0 where there are none.

      Examples:
        earshot lint runs/clips/export/jsonl/*.jsonl
        earshot lint mmau-test-mini.json --examples 5
        earshot lint exports/parquet
        earshot lint train.jsonl --allow 0.5 --json > lint.json
      """)

  @Argument(help: "The sets; each is looked at on its own.", completion: .file())
  var files: [String]

  @Option(help: "The sets' format. Left out: each row tells.")
  var format: BenchmarkFormat?

  @Option(help: "Examples shown of each rule.")
  var examples = 3

  @Option(help: ArgumentHelp("Items that may have errors, in percent of the set.", valueName: "percent"))
  var allow = 0.0

  @Option(
    help: ArgumentHelp(
      "How far from chance a place's share, and what the longest or the shortest choice gets, may be, in points.",
      valueName: "points"))
  var deviation = 3.0

  @Flag(help: "Let warnings count as errors.")
  var strict = false

  @Flag(help: "Print JSON: a list with one report for each set.")
  var json = false

  func validate() throws {
    guard !files.isEmpty else { throw ValidationError("Give the file of a set.") }
    guard (0...1000).contains(examples) else { throw ValidationError("--examples: give a number from 0 to 1000.") }
    guard (0...100).contains(allow) else { throw ValidationError("--allow: give a share from 0 to 100 percent.") }
    guard (0...100).contains(deviation) else { throw ValidationError("--deviation: give 0 to 100 points.") }
  }

  func run() throws {
    let settings = LintSettings(examples: examples, deviation: deviation / 100)
    let reports = try files.map { try report(on: $0, settings) }
    if json {
      printResult(jsonLine(reports, pretty: true))
    } else {
      let screens = reports.map { LintScreen($0, width: Terminal.resultColumns).text }
      printResult(withoutControls(screens.joined(separator: "\n\n")))
    }
    if reports.contains(where: fails) { throw ExitCode(Failure.Status.badData) }
  }

  private func report(on file: String, _ settings: LintSettings) throws -> LintReport {
    guard FileManager.default.fileExists(atPath: file) else { throw LintError.missing(path: file) }
    var linter = Linter(settings)
    try linter.add(setAt: file, format: format)
    let report = linter.report(file: file)
    guard report.items > 0 else { throw LintError.noQuestions(path: file) }
    return report
  }

  private func fails(_ report: LintReport) -> Bool {
    let faulty = report.withErrors + (strict ? report.withWarnings : 0)
    if Double(faulty) > allow / 100 * Double(report.items) { return true }
    return report.setProblems.contains { $0.severity == .error || strict }
  }
}

/// Why a file cannot be looked at.
enum LintError: Error, CustomStringConvertible {
  case missing(path: String)
  case noQuestions(path: String)

  var description: String {
    switch self {
    case .missing(let path): "\(path): there is no such file or folder. Give those of a question set."
    case .noQuestions(let path):
      "\(path): holds no questions with choices. Give rows with a question, choices and an answer."
    }
  }

  var status: Int32 {
    switch self {
    case .missing: Failure.Status.missingInput
    case .noQuestions: Failure.Status.badData
    }
  }
}
