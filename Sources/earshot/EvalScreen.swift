import Evaluation
import Foundation
import Judging

/// A result as people read it.
struct EvalScreen {
  /// The rule whose scores come first.
  var rule: AnswerRule
  var columns = Terminal.resultColumns

  func text(_ result: EvaluationResult) -> String {
    let title = "\(result.manifest.data.file), hearing: \(result.manifest.hearing)"
    let scores = result.scored.text(width: columns, first: rule)
    return [title, scores, "The result: \(result.folder.path)"].joined(separator: "\n\n") + "\n"
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
      let asked = result.lines.count - result.unasked.count
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
  /// As in scores.json.
  var scores: [ScoreRecord]

  init(_ result: EvaluationResult) {
    folder = result.folder.path
    hearing = result.manifest.hearing
    items = result.lines.count
    unasked = result.unasked.count
    unscorable = result.table.unscorable + result.scored.texts.unscorable
    scores = result.scored.records
  }
}
