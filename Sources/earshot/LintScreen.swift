import Dataset
import Evaluation
import Foundation

/// What a linter found in a set, for people: no line is longer than a terminal is wide, where it has 60 columns or more.
struct LintScreen {
  private let report: LintReport
  private let width: Int

  init(_ report: LintReport, width: Int) {
    self.report = report
    // In a file lines have no end; those of examples are kept short there too.
    self.width = min(width, 120)
  }

  var text: String {
    [heading, rules, examples, positions, cues, priors, templates, labels, balance, verdict].filter { !$0.isEmpty }
      .joined(separator: "\n\n")
  }

  private var heading: String {
    var parts = [Quantity.count(report.items, "questions")]
    if report.refused > 0 { parts.append("\(Quantity.count(report.refused)) unreadable") }
    if report.withheld > 0 { parts.append("\(Quantity.count(report.withheld)) with the answer withheld") }
    if report.others > 0 { parts.append("\(Quantity.count(report.others, "rows")) of another kind left out") }
    return wrapped(report.file + ": " + parts.joined(separator: ", "))
  }

  private var rules: String {
    guard !report.rules.isEmpty else { return "Item by item nothing was found." }
    var grid = TextGrid(["rule", "", "items", "share"], numeric: [2, 3])
    for rule in report.rules {
      grid.add([rule.code, rule.severity.rawValue, Quantity.count(rule.items), Quantity.percent(rule.share)])
    }
    return grid.text(width: width)
  }

  private var examples: String {
    report.rules.filter { !$0.examples.isEmpty }.map { rule in
      let shown = rule.examples.map { example in
        cut("  \(example.line): \(example.detail) \(example.question)")
      }
      return wrapped("\(rule.code): \(rule.summary)") + "\n" + shown.joined(separator: "\n")
    }.joined(separator: "\n\n")
  }

  private var positions: String {
    let tally = report.positions
    guard !tally.groups.isEmpty else { return "" }
    let total = Double(max(1, tally.counts.reduce(0, +)))
    var grid = TextGrid(["answer at", "items", "share"], numeric: [1, 2])
    for (place, count) in tally.counts.enumerated() {
      grid.add([letter(place), Quantity.count(count), Quantity.percent(Double(count) / total)])
    }
    var note = "Too few items to test the places."
    if let statistic = tally.chiSquare, let p = tally.p {
      note =
        "chi-square \(Quantity.fixed(statistic, 1)), \(tally.degrees) degrees, p \(probability(p)); "
        + "furthest from chance: \(letter(tally.deviatingPlace)) by \(points(tally.largestDeviation))"
        + mark(tally.severity)
    }
    return grid.text(width: width) + "\n" + wrapped(note)
  }

  private var cues: String {
    let known = report.cues.filter { $0.items > 0 }
    guard !known.isEmpty else { return "" }
    var grid = TextGrid(["guessing by", "items", "right", "chance", "p", ""], numeric: [1, 2, 3, 4])
    for cue in known {
      grid.add([
        cue.name, Quantity.count(cue.items), Quantity.percent(cue.share), Quantity.percent(cue.chance),
        probability(cue.p), cue.severity?.rawValue ?? "",
      ])
    }
    return grid.text(width: width)
  }

  private var priors: String {
    guard !report.priors.isEmpty else { return "" }
    var grid = TextGrid(["choice", "offered", "right", "share", "chance"], numeric: [1, 2, 3, 4])
    for prior in report.priors {
      grid.add([
        cut(prior.text, to: 20), Quantity.count(prior.offered), Quantity.count(prior.right),
        Quantity.percent(Double(prior.right) / Double(prior.offered)), Quantity.percent(prior.chance),
      ])
    }
    return grid.text(width: width)
  }

  private var templates: String {
    let tally = report.templates
    let lines = tally.most.map { cut("  \(Quantity.count($0.items))  \($0.text)") }
    let head =
      "\(Quantity.count(tally.stems)) distinct stems, \(Quantity.count(tally.templates, "templates")), "
      + "entropy \(Quantity.fixed(tally.entropy, 2)) bits, \(Quantity.percent(tally.evenness)) of the most"
      + mark(tally.severity)
    return wrapped(head) + (lines.isEmpty ? "" : "\n" + lines.joined(separator: "\n"))
  }

  private var labels: String {
    let tally = report.leakage
    guard tally.labelled > 0 else { return "" }
    return wrapped(
      "\(Quantity.count(tally.labelled)) items of labelled clips: \(Quantity.count(tally.inStem)) stems name a label, "
        + "\(Quantity.count(tally.answers)) answers are one, \(Quantity.count(tally.onlyLabel)) of them the only label "
        + "offered" + mark(tally.severity))
  }

  private var balance: String {
    report.balance.filter { $0.values.count > 1 }.map { tally in
      let values = tally.values.map { "\($0.text) \(Quantity.percent($0.share))" }.joined(separator: ", ")
      return wrapped("\(tally.attribute) (evenness \(Quantity.percent(tally.evenness))): \(values)")
    }.joined(separator: "\n")
  }

  private var verdict: String {
    let problems = report.setProblems.map { "\($0.name) (\($0.severity.rawValue))" }
    let items =
      "\(Quantity.count(report.withErrors, "items")) with errors, \(Quantity.count(report.withWarnings)) with warnings"
    return wrapped(items + "; the set: " + (problems.isEmpty ? "nothing found" : problems.joined(separator: ", ")))
  }

  private func mark(_ severity: Finding.Severity?) -> String { severity.map { ": \($0.rawValue)" } ?? "" }

  private func letter(_ place: Int) -> String {
    place < 26 ? String(Character(Unicode.Scalar(UInt8(0x41 + place)))) : String(place + 1)
  }

  private func points(_ share: Double) -> String { Quantity.fixed(share * 100, 1) + " points" }

  private func probability(_ p: Double) -> String { p < 0.0001 ? "<0.0001" : Quantity.fixed(p, 4) }

  private func cut(_ text: String, to most: Int? = nil) -> String {
    let line = text.map { $0.isNewline ? " " : $0 }
    let most = most ?? width
    return line.count > most ? String(line.prefix(most - 1)) + "…" : String(line)
  }

  /// Broken between words, so that no line is longer than the screen is wide.
  private func wrapped(_ text: String) -> String {
    var lines: [String] = []
    for word in text.split(separator: " ") {
      if let last = lines.last, last.count + 1 + word.count <= width {
        lines[lines.count - 1] = last + " " + word
      } else {
        lines.append(String(word))
      }
    }
    return lines.joined(separator: "\n")
  }
}
