import ArgumentParser
import Foundation
import Pipelines
import Store

struct ContaminationCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "contamination",
    abstract: "Show which questions of a run stand in test sets, by what, and where.",
    discussion: """
      The test sets are those that 'contamination.files' and 'contamination.audio' of the pipeline name. What is \
      done with matches, 'contamination.matches' says: remove, refuse or list. docs/contamination.md tells what counts as a match.

      Examples:
        earshot run pipelines/own-folder.yaml --set 'contamination.files=[mmau-test-mini.json]'
        earshot contamination runs/own-folder
      """)

  private struct Report: Encodable {
    struct Count: Encodable {
      var file: String
      var kind: String
      var questions: Int
      var items: Int
    }

    var questions: Int
    var counts: [Count]
    var matches: [ContaminationRecord]
  }

  @Argument(help: "The run's folder, such as runs/quickstart.", completion: .directory)
  var runDir: String

  @Option(help: ArgumentHelp("Show at most this many matches.", valueName: "n"))
  var limit: Int = 50

  @Flag(help: "Print JSON.")
  var json = false

  func validate() throws {
    if limit < 1 { throw ValidationError("--limit must be at least 1.") }
  }

  func run() throws {
    let store = try RunStore(reading: RunFolder(path: runDir).database)
    let counts = try store.contaminationCounts().map {
      Report.Count(file: $0.file, kind: $0.kind, questions: $0.questions, items: $0.items)
    }
    let report = Report(
      questions: try store.contaminatedCount(), counts: counts, matches: try store.contamination(limit: limit))
    printResult(json ? jsonLine(report, pretty: true) : try Self.text(report, wasCompared(store)))
  }

  /// Whether the stage ever came to its end, or found something.
  private func wasCompared(_ store: RunStore) throws -> Bool {
    try store.stage(named: "contamination")?.finished != nil
  }

  private static func text(_ report: Report, _ wasCompared: Bool) throws -> String {
    guard !report.counts.isEmpty else {
      return wasCompared
        ? "No question stands in the test sets that were named, if any were."
        : "The run was not compared with test sets yet."
    }
    var lines = ["\(Quantity.count(report.questions, "questions")) in test sets"]
    lines += report.counts.map {
      "  \($0.file)  \($0.kind): \(Quantity.count($0.questions, "questions")), \(Quantity.count($0.items, "items"))"
    }
    lines.append("")
    for match in report.matches {
      let similarity = match.similarity.map { " \(Quantity.percent($0))" } ?? ""
      lines.append(
        "\(match.question)  \(match.kind)\(similarity)  \(match.place)\(match.line > 0 ? " \(match.item)" : "")")
      lines.append("    \(match.detail)")
    }
    return resultText(lines.joined(separator: "\n"))
  }
}
