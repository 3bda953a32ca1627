public import Evaluation
import Foundation

/// A table of scores as texts, for whoever draws it.
public struct ScoreSheet: Sendable, Equatable {
  public var title: String
  public var header: [String]
  public var rows: [[String]]

  /// Every rule with its interval, and what is right without listening.
  public static func total(_ result: EvaluationResult) -> ScoreSheet? {
    guard let total = result.table.total else { return nil }
    let rules = total.scores.map { score in
      [score.rule.rawValue, percent(score.share), interval(score.interval), score.publishedShare.map(percent) ?? ""]
    }
    let baselines = [
      ("always the first", total.baselines.first), ("the longest choice", total.baselines.longest),
      ("the most frequent place", total.baselines.mostFrequentPosition), ("at random", total.baselines.random),
    ]
    return ScoreSheet(
      title: "All", header: ["rule", "right %", "95 %", "published %"],
      rows: rules + baselines.map { [$0.0, percent($0.1), "", ""] })
  }

  /// A table for each attribute: items, the score by `rule` with its interval, what was not answered, the other rules.
  public static func groups(_ result: EvaluationResult, by rule: AnswerRule) -> [ScoreSheet] {
    let others = result.table.settings.rules.filter { $0 != rule }
    return result.table.groups.map { group in
      ScoreSheet(
        title: group.attribute,
        header: [group.attribute, "n", "\(rule.rawValue) %", "95 %", "unanswered"] + others.map { "\($0.rawValue) %" },
        rows: group.rows.map { row in
          let score = row.score(rule)
          let cells = [row.value, String(row.items), score.map { percent($0.share) } ?? ""]
          return cells + [score.map { interval($0.interval) } ?? "", String(row.unanswered)]
            + others.map { row.score($0).map { percent($0.share) } ?? "" }
        })
    }
  }

  /// The columns that hold numbers.
  public var numeric: Set<Int> { Set(header.indices.dropFirst()) }

  static func percent(_ share: Double) -> String { String(format: "%.1f", share * 100) }

  static func interval(_ interval: Interval) -> String { "\(percent(interval.low))-\(percent(interval.high))" }
}
