import Dataset
import Evaluation
import Foundation
import Judging
public import Reports

extension ExperimentResult {
  /// The page and its tables.
  public func report(program: String) -> (page: Page, tables: [ReportFolder.NamedTable]) {
    let report = ExperimentReport(result: self)
    let page = Page(
      experiment.name, summary: report.summary, sections: report.sections, footer: ["Earshot \(program)"])
    return (page, report.tables)
  }
}

/// An experiment as a page: the table, what differs from what, how arms learned, where they are right, what it took.
struct ExperimentReport {
  let result: ExperimentResult

  private var hearings: [Hearing] { result.experiment.evaluation.hearings }
  private var first: Hearing { hearings.first ?? .audio }

  var summary: String {
    let rule = "Right is what MMAU's rule takes; brackets hold 95 % intervals."
    let asked = "\(result.items.count) questions, the same for all arms. "
    return asked + rule
  }

  var sections: [Page.Section] {
    var sections = [Page.Section("Scores", [.table(scores)] + expectations)]
    if !differences.rows.isEmpty { sections.append(Page.Section("Differences", [.differences(differences)])) }
    if !hearing.rows.isEmpty { sections.append(Page.Section("What hearing adds", [.differences(hearing)])) }
    if !curves.isEmpty { sections.append(Page.Section("Learning", curves.map { .lines($0.chart) })) }
    sections += categories.map { Page.Section("By \($0.name)", [.bars($0.chart)]) }
    sections.append(Page.Section("Time", [.costs(time)]))
    sections.append(Page.Section("Sets", [.table(sets)]))
    if !result.omissions.isEmpty {
      let notes = result.omissions.map { Notes.Note($0.arm, $0.reason) }
      sections.append(Page.Section("Not run", [.notes(Notes("Arms that were not run", notes))]))
    }
    return sections
  }

  var tables: [ReportFolder.NamedTable] {
    [
      .init("scores", scores), .init("rules", rules), .init("differences", differences.table),
      .init("hearing", hearing.table),
    ]
      + curves.map { .init($0.name, $0.chart.table) }
      + categories.map { .init("by-\($0.name)", $0.chart.table) } + [.init("time", time.table), .init("sets", sets)]
  }

  private var expectations: [Page.Block] {
    let outcomes = result.outcomes
    guard !outcomes.isEmpty else { return [] }
    return [
      .notes(Notes("What was expected", outcomes.map { .init($0.isMet ? "Met" : "Not met", $0.text) }))
    ]
  }
}

// MARK: Scores

extension ExperimentReport {
  /// A row an arm, a column a hearing, then the kinds of questions under the first hearing.
  var scores: ReportTable {
    let groups = groups(mostValues: 8)
    let columns =
      [ReportTable.Column("Arm")] + hearings.map { .init($0.rawValue, .percent, best: $0 == first ? .highest : nil) }
      + groups.map { .init("\(first.rawValue): \($0.value)", .percent, best: .highest) }
    let rows = result.arms.map { arm in
      ReportTable.Row(
        [.text(arm.name)] + hearings.map { cell(arm.answers($0)?.table.total) }
          + groups.map { cell(arm.answers(first)?.table.row($0.attribute, $0.value)) })
    }
    return ReportTable(
      "Right answers", columns: columns, rows: rows + baselines(groups),
      notes: [
        "Baselines are what is right without listening; the longest choice and the most frequent place are known from this set."
      ])
  }

  private func cell(_ row: ScoreRow?) -> ReportTable.Cell {
    row?.score(ExperimentResult.rule).map { .number(Estimate($0)) } ?? .missing
  }

  /// What is right without listening.
  private func baselines(_ groups: [(attribute: String, value: String)]) -> [ReportTable.Row] {
    guard let table = result.arms.first?.answers(first)?.table else { return [] }
    let kinds: [(String, KeyPath<ChoiceBaselines, Double>)] = [
      ("always the first", \.first), ("the longest choice", \.longest),
      ("the most frequent place", \.mostFrequentPosition), ("at random", \.random),
    ]
    return kinds.map { name, share in
      let all = table.total.map { ReportTable.Cell.number(Estimate($0.baselines[keyPath: share])) } ?? .missing
      let own = groups.map { group in
        table.row(group.attribute, group.value).map { ReportTable.Cell.number(Estimate($0.baselines[keyPath: share])) }
          ?? .missing
      }
      return ReportTable.Row([.text(name)] + hearings.map { _ in all } + own, isReference: true)
    }
  }

  /// Every rule side by side.
  var rules: ReportTable {
    let rules = result.arms.first?.answers.first?.table.settings.rules ?? []
    let rows = result.arms.flatMap { arm in
      arm.answers.map { answers in
        let total = answers.table.total
        let shares = rules.map { rule in total?.score(rule).map { ReportTable.Cell.number(Estimate($0)) } ?? .missing }
        let counts = [total?.items, total?.unanswered, total?.undecided].map { count in
          count.map { ReportTable.Cell.number(Estimate(Double($0))) } ?? .missing
        }
        return ReportTable.Row([.text(arm.name), .text(answers.hearing.rawValue)] + shares + counts)
      }
    }
    return ReportTable(
      "By every rule",
      columns: [.init("Arm"), .init("Hearing")] + rules.map { .init($0.rawValue, .percent) }
        + ["items", "unanswered", "undecided"].map { .init($0, .number(decimals: 0)) }, rows: rows)
  }

  /// What the sets hold, and what making them took.
  private var sets: ReportTable {
    func count(_ number: Int?) -> ReportTable.Cell { number.map { .number(Estimate(Double($0))) } ?? .missing }
    func amount(_ number: Double?) -> ReportTable.Cell { number.map { .number(Estimate($0)) } ?? .missing }
    let rows = result.sets.map { set in
      ReportTable.Row(
        [.text(set.name)] + [set.train, set.dev, set.test, set.clips].map(count) + [amount(set.seconds)]
          + [set.requests, set.tokens].map(count) + [amount(set.cost)])
    }
    let whole = Quantity.number(decimals: 0)
    return ReportTable(
      "Sets",
      columns: [.init("Set"), .init("train", whole), .init("dev", whole), .init("test", whole), .init("clips", whole)]
        + [.init("audio", .seconds), .init("requests", whole), .init("tokens", whole), .init("cost", .money("$"))],
      rows: rows, notes: ["Cost is at the prices of the pipeline file, where it gives any."])
  }

  /// The values of the attributes that tell questions apart, as far as there is room.
  private func groups(mostValues most: Int) -> [(attribute: String, value: String)] {
    let table = result.arms.first?.answers(first)?.table
    let group = table?.groups.first { (2...most).contains($0.rows.count) }
    return group.map { group in group.rows.map { (group.attribute, $0.value) } } ?? []
  }
}

// MARK: Charts

extension ExperimentReport {
  /// Every later arm against every earlier one.
  var differences: DifferencePlot {
    let rows = result.differences.map { difference in
      DifferencePlot.Row(
        "\(difference.first) − \(difference.second)", Estimate(difference.comparison),
        note: difference.comparison.remark)
    }
    return DifferencePlot(
      "Differences of arms, \(first.rawValue)", rows: rows,
      notes: ["Paired on the same questions; an interval that holds 0 shows no difference."])
  }

  /// The first hearing against every other, arm by arm.
  var hearing: DifferencePlot {
    let rows = result.arms.flatMap { arm in
      hearings.dropFirst().compactMap { other in
        result.comparison(arm, first, other).map { comparison in
          DifferencePlot.Row(
            "\(arm.name): \(first.rawValue) − \(other.rawValue)", Estimate(comparison), note: comparison.remark)
        }
      }
    }
    return DifferencePlot("\(first.rawValue.capitalized) against what is heard in its place", rows: rows)
  }

  /// Each arm from where it parts with the arms before it.
  var curves: [(name: String, chart: LineChart)] {
    let trained = result.arms.filter { $0.curve != nil }
    func chart(
      _ name: String, _ title: String, _ measured: String, _ quantity: Quantity,
      _ points: (LearningCurve) -> [LearningCurve.Point]
    ) -> (String, LineChart)? {
      let series = trained.map { arm in
        let own = arm.curve.map(points)?.filter { $0.seconds >= arm.sharedSeconds } ?? []
        return LineChart.Series(arm.name, own.map { .init($0.seconds / 60, Estimate($0.value)) })
      }
      guard series.contains(where: { !$0.points.isEmpty }) else { return nil }
      return (name, LineChart(title, along: "Minutes of training", measured: measured, quantity, series: series))
    }
    return [
      chart("accuracy", "Held-out questions while training", "Right", .percent, \.accuracy),
      chart("loss", "Loss", "Loss", .number(decimals: 3), \.loss),
      chart("reward", "Reward", "Mean reward", .number(decimals: 2), \.reward),
    ].compactMap { $0 }
  }

  /// A chart for each attribute that tells questions apart.
  var categories: [(name: String, chart: BarChart)] {
    guard let table = result.arms.first?.answers(first)?.table else { return [] }
    return table.groups.filter { (2...30).contains($0.rows.count) }.map { group in
      let categories = group.rows.map { row in
        BarChart.Category(
          row.value, note: "n = \(row.items)",
          values: result.arms.map { arm in
            arm.answers(first)?.table.row(group.attribute, row.value)?.score(ExperimentResult.rule).map { Estimate($0) }
          })
      }
      return (
        group.attribute,
        BarChart(
          "Right answers by \(group.attribute), \(first.rawValue)", series: result.arms.map(\.name),
          categories: categories, references: [.init("at random", byCategory: group.rows.map(\.baselines.random))])
      )
    }
  }

  var time: CostChart {
    CostChart(
      "Time by arm",
      arms: result.arms.map { arm in
        CostChart.Arm(
          arm.name,
          phases: arm.stretches.map { .init("training \($0.name)", seconds: $0.seconds, isReused: $0.isShared) }
            + [.init("answering", seconds: arm.answeringSeconds)])
      }, notes: ["What an arm shares with one before it is counted once."])
  }
}

extension Estimate {
  fileprivate init(_ score: ScoreRow.RuleScore) {
    self.init(score.share, low: score.interval.low, high: score.interval.high)
  }

  fileprivate init(_ comparison: RunComparison) {
    let difference = comparison.difference
    self.init(difference.difference, low: difference.interval.low, high: difference.interval.high)
  }
}

extension RunComparison {
  fileprivate var remark: String {
    let p = pValue ?? difference.pValue
    return p < 0.0001 ? "p < 0.0001" : String(format: "p = %.4f", p)
  }
}
