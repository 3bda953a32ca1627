@testable import Reports

/// The page of an experiment of four arms, with numbers made up by a rule.
enum ExamplePage {
  static let arms = ["Base", "SFT", "GRPO", "GRPO text-only"]
  static let categories = ["sound", "music", "speech", "sound and speech", "music and speech"]

  static func share(_ value: Double, of items: Double = 400) -> Estimate {
    let reach = 1.96 * (value * (1 - value) / items).squareRoot()
    return Estimate(value, low: max(0, value - reach), high: min(1, value + reach))
  }

  static let overall = [0.312, 0.5825, 0.6375, 0.4775]

  static func value(_ arm: Int, _ category: Int) -> Double {
    min(1, overall[arm] + Double((arm * 3 + category * 7) % 11 - 5) / 60)
  }

  static var scores: ReportTable {
    let numbers = ["Overall"] + categories
    let columns =
      [ReportTable.Column("Arm")] + numbers.map { .init($0, .percent, best: .highest) }
      + [.init("Silence", .percent), .init("No audio", .percent)]
    let rows = arms.indices.map { arm in
      let parts = categories.indices.map { ReportTable.Cell.number(share(value(arm, $0), of: 80)) }
      let deaf = [0.255, 0.2825, 0.29, 0.4725].map { ReportTable.Cell.number(share($0)) }
      return ReportTable.Row(
        [.text(arms[arm]), .number(share(overall[arm]))] + parts + [deaf[arm], arm == 0 ? .missing : deaf[arm]])
    }
    let baselines = [("Random", 0.25), ("Always first", 0.395), ("Longest choice", 0.394)].map { name, value in
      let cells = [ReportTable.Cell.text(name)] + numbers.map { _ in .number(Estimate(value)) }
      return ReportTable.Row(cells, isReference: true)
    }
    return ReportTable(
      "Accuracy by arm", columns: columns, rows: rows + baselines,
      notes: ["400 items; an answer that is not among the choices counts as wrong.", "95 % intervals, bootstrap."])
  }

  static var curves: LineChart {
    let series = arms.enumerated().map { arm, name in
      let points = stride(from: 0, through: 400, by: 25).map { step in
        let gain = (overall[arm] - 0.3) * (1 - 1 / (1 + Double(step) / 60))
        return LineChart.Point(Double(step), share(0.3 + gain + Double((step / 25 * 7 + arm * 5) % 9 - 4) / 400))
      }
      return LineChart.Series(name, arm == 0 ? [points[0]] : points)
    }
    return LineChart(
      "Accuracy on the dev set while training", along: "training step", measured: "accuracy", series: series,
      references: [.init("Always first", 0.395)], notes: ["The base model is not trained: one point."])
  }

  static var bars: BarChart {
    BarChart(
      "Accuracy by category", series: arms,
      categories: categories.indices.map { category in
        .init(categories[category], note: "80 items", values: arms.indices.map { share(value($0, category), of: 80) })
      },
      references: [.init("Random", 0.25), .init("Always first", byCategory: [0.41, 0.38, 0.35, 0.44, 0.39])])
  }

  static var differences: DifferencePlot {
    DifferencePlot(
      "Differences between arms, same items",
      rows: [
        .init("SFT - Base", Estimate(0.2705, low: 0.21, high: 0.33), note: "p < 0.001"),
        .init("GRPO - SFT", Estimate(0.055, low: -0.004, high: 0.114), note: "p = 0.068"),
        .init("GRPO text-only - SFT", Estimate(-0.105, low: -0.166, high: -0.044), note: "p = 0.0009"),
        .init("GRPO - GRPO text-only", Estimate(0.16, low: 0.1, high: 0.22), note: "p < 0.001"),
        .init("GRPO - GRPO of another seed", Estimate(0.01)),
      ], notes: ["Paired bootstrap over recordings."])
  }

  static var costs: CostChart {
    let shared = [
      CostChart.Phase("captions", seconds: 340, money: 0.42, isReused: true),
      CostChart.Phase("SFT", seconds: 1260, isReused: true),
    ]
    return CostChart(
      "Time and cost by arm",
      arms: [
        .init("Base", phases: [.init("evaluation", seconds: 95)]),
        .init(
          "SFT",
          phases: [
            .init("captions", seconds: 340, money: 0.42), .init("SFT", seconds: 1260),
            .init("evaluation", seconds: 97),
          ]),
        .init("GRPO", phases: shared + [.init("GRPO", seconds: 2710), .init("evaluation", seconds: 99)]),
        .init("GRPO text-only", phases: shared + [.init("GRPO", seconds: 1890), .init("evaluation", seconds: 98)]),
      ])
  }

  static var page: Page {
    Page(
      "Does listening pay?", summary: "Four arms from one nano policy, trained and tested on synthesized clips.",
      sections: [
        .init(
          "Result",
          [
            .figures(
              KeyFigures([
                .init("GRPO", .percent, share(overall[2]), note: "400 held-out items"),
                .init(
                  "GRPO over SFT", .points, Estimate(0.055, low: -0.004, high: 0.114), note: "the interval holds 0"),
                .init("GRPO in silence", .percent, share(0.29), note: "chance is 25.0"),
                .init("Time", .seconds, 6510.0),
              ])), .table(scores),
          ]), .init("Learning curves", [.lines(curves)]), .init("Categories", [.bars(bars)]),
        .init("Differences", [.differences(differences)]), .init("Cost", [.costs(costs)]),
        .init(
          "Not run",
          [
            .notes(
              Notes(
                "Two arms were not run",
                [
                  .init(
                    "GRPO strong", "The set has no labels of audio contribution. Run the stage 'dependence' first."),
                  .init("GRPO captions as text", "No captions for 12 of 400 items, among them 'clip-0017'."),
                ]))
          ]),
      ], footer: ["earshot 0.5.0", "data 9f2c41d0, model 77ab01ce"])
  }
}
