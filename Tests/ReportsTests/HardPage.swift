@testable import Reports

/// A page of all that makes pictures and tables break.
enum HardPage {
  static let longName = "GRPO on VGGS-GPT + AVQA-GPT, strong contribution, seed 31337"
  static let hostile = "<script>alert('x')</script> & \"quoted\" | pipe\nsecond line \u{202E}drow \u{0}"

  static var bars: BarChart {
    BarChart(
      "Thirty categories", series: ["Base", longName],
      categories: (0..<30).map { place in
        let values: [Estimate?] = [
          ExamplePage.share(Double(place) / 29), place % 7 == 3 ? nil : ExamplePage.share(1 - Double(place) / 29),
        ]
        return .init(
          place % 5 == 0 ? "sub_category/of_a_very_long_name_that_has_no_spaces_at_all_\(place)" : "kind \(place)",
          note: place % 3 == 0 ? "\(place) items" : nil, values: values)
      })
  }

  static var negativeBars: BarChart {
    BarChart(
      "Reward, negative too", .number(decimals: 2), series: ["mean"],
      categories: [
        .init("format", values: [Estimate(-0.5, low: -0.7, high: -0.3)]), .init("accuracy", values: [Estimate(1.25)]),
        .init("none", values: [Estimate(.nan)]), .init("zero", values: [0.0]),
      ], references: [.init("bar", 1)])
  }

  static var lines: LineChart {
    let many = (0..<6000).map { step in
      let noise = Double((step * 7919) % 1009) / 1009
      return LineChart.Point(Double(step), Estimate(step % 1500 == 700 ? .nan : 2.5 / (1 + Double(step) / 400) + noise))
    }
    let empty = LineChart.Series("empty", [])
    let bad = LineChart.Series("not numbers", [.init(.nan, 1.0), .init(2, Estimate(.infinity))])
    return LineChart(
      "Loss", along: "training step", measured: "loss", .number(decimals: 3),
      series: [.init(longName, many), empty, bad]
        + (0..<6).map { place in
          .init("series \(place)", [.init(0, Estimate(Double(place) / 2)), .init(5999, Estimate(Double(place) / 3))])
        })
  }

  static var onePoint: LineChart {
    LineChart(
      "One point", along: "step", measured: "accuracy",
      series: [.init("only", [.init(100, Estimate(1, low: 0.98, high: 1))])])
  }

  static var small: LineChart {
    LineChart(
      "Learning rate", along: "samples", measured: "learning rate", .number(decimals: 9),
      series: [.init("cosine", (0...20).map { .init(Double($0) * 10_000, Estimate(1e-6 * Double(20 - $0) / 20)) })])
  }

  static var differences: DifferencePlot {
    DifferencePlot(
      "All below",
      rows: [
        .init(longName + " - " + longName, Estimate(-0.31, low: -0.42, high: -0.2), note: "p < 0.001"),
        .init(hostile, Estimate(-1, low: -1, high: -0.999)), .init("none", Estimate(.nan)),
      ])
  }

  static var costs: CostChart {
    CostChart(
      "Days",
      arms: [
        .init(longName, phases: (0..<8).map { .init("phase \($0)", seconds: 40_000 - Double($0) * 4000, money: 12.5) }),
        .init("tiny", phases: [.init("phase 0", seconds: 0.3, money: 0.0021)]),
        .init("broken", phases: [.init("phase 0", seconds: .nan)]),
      ], currency: "EUR")
  }

  static var texts: ReportTable {
    ReportTable(
      hostile, columns: [.init(hostile), .init("Output"), .init("n", .number(decimals: 0)), .init("Took", .seconds)],
      rows: [
        .init([.text(hostile), .text("=HYPERLINK(\"http://example.org\")"), .number(12_345.0), .number(0.25)]),
        .init([.text("\u{5E9}\u{5DC}\u{5D5}\u{5DD}"), .text("-3 dogs"), .number(Estimate(.nan)), .number(7384.0)]),
        .init([.text("answer"), .text(String(repeating: "very long output ", count: 20))]),
      ], notes: [hostile])
  }

  static var page: Page {
    Page(
      hostile, summary: hostile + "\n\nA second paragraph.",
      sections: [
        .init(
          hostile, [.table(texts), .figures(KeyFigures([.init(hostile, .percent, Estimate(.nan), note: hostile)]))]),
        .init("Bars", [.bars(bars), .bars(negativeBars), .bars(BarChart("No bars", series: [], categories: []))]),
        .init("Lines", [.lines(lines), .lines(onePoint), .lines(small)]),
        .init("Lines", [.lines(LineChart("None", along: "x", measured: "y", series: []))]),
        .init("Differences", [.differences(differences), .differences(DifferencePlot("None", rows: []))]),
        .init("Costs", [.costs(costs), .costs(CostChart("None", arms: []))]),
        .init("Nothing", [.table(ReportTable("Zero items", columns: [.init("Arm"), .init("n", .percent)], rows: []))]),
        .init("Notes", [.notes(Notes(hostile, [.init(hostile, hostile)])), .notes(Notes("none", []))]),
      ])
  }
}
