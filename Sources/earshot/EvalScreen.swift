import Evaluation
import Foundation
import Judging

/// A result as people read it.
struct EvalScreen {
  /// The rule whose scores come first.
  var rule: AnswerRule
  var columns = Terminal.resultColumns

  func text(_ result: EvaluationResult) -> String {
    var parts = ["\(result.manifest.data.file), hearing: \(result.manifest.hearing)"]
    if let total = ScoreSheet.total(result) {
      parts.append(draw(total))
      parts.append(counts(result))
    } else {
      parts.append("No item has choices and a known answer: there is nothing to score.")
    }
    for sheet in ScoreSheet.groups(result, by: rule) where !sheet.rows.isEmpty { parts.append(draw(sheet)) }
    if !result.unasked.isEmpty { parts.append(unasked(result)) }
    parts.append("The result: \(result.folder.path)")
    return parts.joined(separator: "\n\n") + "\n"
  }

  private func counts(_ result: EvaluationResult) -> String {
    guard let total = result.table.total else { return "" }
    var lines = [
      "\(Quantity.count(total.items, "items")), \(Quantity.count(total.answers, "answers")); "
        + "\(Quantity.count(total.unanswered)) say nothing, \(Quantity.count(total.undecided)) nothing clear"
    ]
    if let consistency = result.consistency {
      lines.append(
        "the same choice in all orders: \(Quantity.percent(consistency.same)) "
          + "(\(Quantity.percent(consistency.interval.low))-\(Quantity.percent(consistency.interval.high)))")
    }
    if result.cutAnswers > 0 { lines.append("\(Quantity.count(result.cutAnswers, "answers")) cut; see --max-tokens") }
    if result.cutSounds > 0 {
      lines.append("\(Quantity.count(result.cutSounds, "sounds")) longer than the model hears: cut to their beginning")
    }
    return lines.joined(separator: "\n")
  }

  private func unasked(_ result: EvaluationResult) -> String {
    let counted = result.manifest.unheard == "wrong" ? "counted as wrong" : "in no score"
    let first = result.unasked.prefix(10).map { "  \(withoutControls($0.id)): \(withoutControls($0.reason))" }
    let rest =
      result.unasked.count > 10 ? ["  and \(Quantity.count(result.unasked.count - 10)) more; see scores.json"] : []
    return (["\(Quantity.count(result.unasked.count, "items")) not asked, \(counted):"] + first + rest)
      .joined(separator: "\n")
  }

  private func draw(_ sheet: ScoreSheet) -> String {
    var grid = TextGrid(sheet.header, numeric: sheet.numeric)
    for row in sheet.rows { grid.add(row) }
    return grid.text(width: columns)
  }
}

/// How far a hearing is, on standard error.
final class EvalProgress: Sendable {
  private let hearing: String
  private let json: Bool
  private let screen = ScreenProgress()
  private let counted = EvalCount()

  init(hearing: String, json: Bool) {
    (self.hearing, self.json) = (hearing, json)
  }

  func show(_ done: Int, of total: Int) {
    if json { return }
    let step = counted.step(to: done)
    if step.isFirst { screen.started(stage: hearing, total: total, unit: "answers") }
    if step.count > 0 { screen.advanced(stage: hearing, by: step.count) }
  }

  func note(_ text: String) { json ? printNote(jsonLine(["note": text])) : screen.note(stage: hearing, text) }

  func interrupt() { screen.interrupt() }

  func finish(_ result: EvaluationResult) {
    if result.wasComplete {
      json ? printNote(jsonLine(["note": "\(hearing): up to date"])) : screen.upToDate(stage: hearing)
    } else if !json {
      let asked = result.records.count - result.unasked.count
      screen.finished(stage: hearing, summary: Quantity.count(asked, "items") + " answered")
    }
    if !json, !result.unasked.isEmpty {
      printNote("\(hearing): \(Quantity.count(result.unasked.count, "items")) not asked")
    }
  }
}

/// A result as JSON: where it is, and its scores.
struct EvalSummary: Encodable {
  var folder: String
  var hearing: String
  var items: Int
  var unasked: Int
  var unscorable: Int
  /// By rule; shares between 0 and 1.
  var scores: [String: Score]
  var baselines: [String: Double]
  var consistency: Double?

  struct Score: Encodable {
    var share: Double
    var low: Double
    var high: Double
  }

  init(_ result: EvaluationResult) {
    folder = result.folder.path
    hearing = result.manifest.hearing
    items = result.table.total?.items ?? 0
    unasked = result.unasked.count
    unscorable = result.table.unscorable
    consistency = result.consistency?.same
    scores = [:]
    for score in result.table.total?.scores ?? [] {
      scores[score.rule.rawValue] = Score(share: score.share, low: score.interval.low, high: score.interval.high)
    }
    baselines = [:]
    if let found = result.table.total?.baselines {
      baselines = [
        "first": found.first, "longest": found.longest, "most_frequent": found.mostFrequentPosition,
        "random": found.random,
      ]
    }
  }
}
