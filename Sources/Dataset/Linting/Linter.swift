/// Looks for what is wrong with a set of questions, item by item and as a whole, without a model.
///
///     var linter = Linter()
///     var reader = try LintReader(path: "train.jsonl")
///     while let entry = try reader.next() { linter.add(entry) }
///     let report = linter.report(file: "train.jsonl")
///
/// In memory are tallies, and for each item the numbers of its choices' texts.
public struct Linter: Sendable {
  private let settings: LintSettings
  private let rules: ChoiceRules
  private var tally = RuleTally()
  private var set = SetTally()
  private var ids: Set<String> = []
  private var withheld: [LintItem] = []
  private var (items, refused, others, withheldCount) = (0, 0, 0, 0)

  public init(_ settings: LintSettings = LintSettings(), rules: ChoiceRules = ChoiceRules()) {
    self.settings = settings
    self.rules = rules
  }

  /// Of several files each numbers its rows on its own.
  mutating func beginFile() { ids.removeAll() }

  /// Takes a row; returns what is wrong with it.
  @discardableResult public mutating func add(_ entry: LintEntry) -> [Finding] {
    switch entry {
    case .other:
      others += 1
      return []
    case .refused(let item, let finding):
      items += 1
      refused += 1
      tally.add([finding], of: item, keeping: settings.examples)
      return [finding]
    case .question(let item):
      return add(item)
    }
  }

  private mutating func add(_ item: LintItem) -> [Finding] {
    items += 1
    var findings = rules.findings(in: item.question)
    if !ids.insert(item.id).inserted {
      findings.append(Finding(.schema, "The id '\(shortened(item.id))' was there before.", severity: .warning))
    }
    if item.question.answer == nil {
      withheldCount += 1
      if withheld.count < settings.examples { withheld.append(item) }
    }
    tally.add(findings, of: item, keeping: settings.examples)
    set.add(item)
    return findings
  }

  /// What was found so far. Answers that a few items lack are missing; where most lack theirs, they are withheld.
  public func report(file: String) -> LintReport {
    var tally = tally
    let areMissing = withheldCount > 0 && withheldCount * 2 < items
    if areMissing {
      tally.add(Finding(.answerNotInChoices, "There is no answer."), items: withheldCount, examples: withheld)
    }
    return LintReport(
      file: file, items: items, refused: refused, withheld: areMissing ? 0 : withheldCount, others: others,
      withErrors: tally.withErrors, withWarnings: tally.withWarnings, rules: tally.rules(of: items),
      positions: set.positions.summary(settings), cues: set.cues(settings), priors: set.texts.priors(settings),
      templates: set.templates.summary(items: items, settings), leakage: set.labels.summary(),
      balance: set.balance.summary(items: items))
  }
}

/// What each rule found.
private struct RuleTally {
  private struct Key: Hashable {
    var code: ReasonCode
    var severity: Finding.Severity
  }

  private var counts: [Key: (items: Int, examples: [LintReport.Example])] = [:]
  private(set) var withErrors = 0
  private(set) var withWarnings = 0

  mutating func add(_ findings: [Finding], of item: LintItem, keeping most: Int) {
    guard !findings.isEmpty else { return }
    let hasError = findings.contains { $0.severity == .error }
    withErrors += hasError ? 1 : 0
    withWarnings += hasError ? 0 : 1
    for finding in findings {
      var entry = counts[Key(code: finding.code, severity: finding.severity)] ?? (0, [])
      entry.items += 1
      if entry.examples.count < most { entry.examples.append(Self.example(finding, item)) }
      counts[Key(code: finding.code, severity: finding.severity)] = entry
    }
  }

  /// Adds items of which only a few are at hand.
  mutating func add(_ finding: Finding, items: Int, examples: [LintItem]) {
    withErrors += items
    var entry = counts[Key(code: finding.code, severity: finding.severity)] ?? (0, [])
    entry.items += items
    entry.examples += examples.map { Self.example(finding, $0) }
    counts[Key(code: finding.code, severity: finding.severity)] = entry
  }

  /// Errors first, the most frequent first.
  func rules(of items: Int) -> [LintReport.Rule] {
    counts.map { key, entry in
      LintReport.Rule(
        code: key.code.rawValue, severity: key.severity, summary: key.code.summary, items: entry.items,
        share: Double(entry.items) / Double(max(1, items)), examples: entry.examples)
    }.sorted { one, other in
      if one.severity != other.severity { return one.severity == .error }
      return (other.items, one.code) < (one.items, other.code)
    }
  }

  private static func example(_ finding: Finding, _ item: LintItem) -> LintReport.Example {
    LintReport.Example(
      id: item.id, line: item.line, detail: finding.detail, question: item.question.stem,
      choices: item.question.choices, answer: item.question.answer.map { item.question.choices[$0] })
  }
}
