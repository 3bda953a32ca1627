import Evaluation
import Experiments
import Judging
import Reports

/// What an experiment leaves, as the command prints it.
enum ExperimentScreen {
  static func text(_ result: ExperimentResult, in folder: ExperimentFolder) -> String {
    var lines: [String] = []
    if result.isUpToDate { lines.append("Nothing to do: everything was done before.") }
    lines.append(result.scoreGrid.text(width: Terminal.resultColumns))
    let ordering = result.orderings
    if !ordering.isEmpty { lines.append(ordering.joined(separator: "\n")) }
    lines += result.omissions.map { "Not run: \($0.arm): \($0.reason)" }
    let outcomes = result.outcomes.map { ($0.isMet ? "Met: " : "NOT MET: ") + $0.text }
    if !outcomes.isEmpty { lines.append(outcomes.joined(separator: "\n")) }
    lines.append("Report: \(folder.report)/report.html")
    return lines.joined(separator: "\n\n")
  }
}

/// The same for programs.
struct ExperimentSummary: Encodable {
  struct Score: Encodable {
    var arm: String
    var hearing: String
    var items: Int
    var right: Double
    var low: Double
    var high: Double
    var unanswered: Int
  }

  struct Difference: Encodable {
    var first: String
    var second: String
    var difference: Double
    var low: Double
    var high: Double
  }

  struct Expected: Encodable {
    var met: Bool
    var text: String
  }

  var folder: String
  var report: String
  var upToDate: Bool
  var scores: [Score]
  var differences: [Difference]
  var notRun: [String: String]
  var expected: [Expected]

  init(_ result: ExperimentResult, in folder: ExperimentFolder) {
    self.folder = folder.path
    report = "\(folder.report)/report.html"
    upToDate = result.isUpToDate
    scores = result.arms.flatMap { arm in
      arm.answers.compactMap { answers in
        guard let total = answers.table.total, let score = total.score(ExperimentResult.rule) else { return nil }
        return Score(
          arm: arm.name, hearing: answers.hearing.rawValue, items: total.items, right: score.share,
          low: score.interval.low, high: score.interval.high, unanswered: total.unanswered)
      }
    }
    differences = result.differences.map {
      Difference(
        first: $0.first, second: $0.second, difference: $0.comparison.difference.difference,
        low: $0.comparison.difference.interval.low, high: $0.comparison.difference.interval.high)
    }
    notRun = Dictionary(result.omissions.map { ($0.arm, $0.reason) }, uniquingKeysWith: { first, _ in first })
    expected = result.outcomes.map { Expected(met: $0.isMet, text: $0.text) }
  }
}
