import Evaluation

/// A result for people who read Markdown, and for spreadsheets.
enum ScoreText {
  static func markdown(_ result: EvaluationResult) -> String {
    let table = result.table
    var parts = ["# \(result.manifest.data.file), hearing: \(result.manifest.hearing)", counts(result)]
    if let total = ScoreSheet.total(result) { parts.append(markdown(total)) }
    if let consistency = result.consistency {
      parts.append(
        "The same choice in all \(result.manifest.orders) orders: \(ScoreSheet.percent(consistency.same)) % "
          + "(\(ScoreSheet.interval(consistency.interval))) of \(consistency.items) items.")
    }
    if let rule = table.settings.rules.first {
      for sheet in ScoreSheet.groups(result, by: rule) where !sheet.rows.isEmpty {
        parts.append("## \(escaped(sheet.title))\n\n" + markdown(sheet))
      }
    }
    return parts.joined(separator: "\n\n") + "\n"
  }

  /// A line for every rule and every baseline of every row; shares between 0 and 1, unrounded.
  static func csv(_ result: EvaluationResult) -> String {
    var lines = ["attribute,value,items,answers,unanswered,undecided,rule,right,unscored,share,low,high,published"]
    let total = result.table.total.map { [("", $0)] } ?? []
    for (attribute, row) in total + result.table.groups.flatMap({ group in group.rows.map { (group.attribute, $0) } }) {
      let head = [attribute, row.value].map(cell) + ["\(row.items)", "\(row.answers)"]
      let start = (head + ["\(row.unanswered)", "\(row.undecided)"]).joined(separator: ",")
      for score in row.scores {
        let published = score.publishedShare.map { "\($0)" } ?? ""
        lines.append(
          "\(start),\(score.rule.rawValue),\(score.right),\(score.unscored),\(score.share),\(score.interval.low),"
            + "\(score.interval.high),\(published)")
      }
      let baselines = row.baselines
      for (name, share) in [
        ("always-first", baselines.first), ("longest-choice", baselines.longest),
        ("most-frequent-place", baselines.mostFrequentPosition), ("random", baselines.random),
      ] { lines.append("\(start),\(name),,,\(share),,,") }
    }
    return lines.map { $0 + "\n" }.joined()
  }

  private static func counts(_ result: EvaluationResult) -> String {
    let scored = result.table.total?.items ?? 0
    var text = "\(result.records.count) items, \(scored) of them scored, \(result.unasked.count) not asked"
    if let total = result.table.total {
      text += "; of \(total.answers) answers \(total.unanswered) say nothing, \(total.undecided) nothing clear"
    }
    if result.cutAnswers > 0 { text += ", \(result.cutAnswers) were cut" }
    if result.cutSounds > 0 { text += "; \(result.cutSounds) sounds are longer than the model hears" }
    return text + "."
  }

  private static func markdown(_ sheet: ScoreSheet) -> String {
    let line = { (cells: [String]) in "| " + cells.map(escaped).joined(separator: " | ") + " |" }
    let rule = sheet.header.indices.map { sheet.numeric.contains($0) ? "---:" : "---" }
    return ([line(sheet.header), "|" + rule.joined(separator: "|") + "|"] + sheet.rows.map(line))
      .joined(separator: "\n")
  }

  /// A text in a cell of Markdown.
  private static func escaped(_ text: String) -> String {
    text.replacing("\\", with: "\\\\").replacing("|", with: "\\|").replacing("<", with: "&lt;")
      .split(whereSeparator: \.isNewline).joined(separator: " ")
  }

  /// A text in a cell of CSV. What a spreadsheet would take for a formula gets an apostrophe before it.
  private static func cell(_ text: String) -> String {
    let safe = text.first.map { "=+-@\t\r".contains($0) } == true ? "'" + text : text
    let isPlain = !safe.contains { $0 == "," || $0 == "\"" || $0.isNewline }
    return isPlain ? safe : "\"" + safe.replacing("\"", with: "\"\"") + "\""
  }
}
