import Foundation
import Testing

@testable import Reports

@Suite struct ChartTests {
  @Test func aForestPlotIsDrawnToThePixel() throws {
    let plot = DifferencePlot(
      "Differences", rows: [.init("a - b", Estimate(0.05, low: 0.01, high: 0.09)), .init("b - c", Estimate(-0.02))])
    let svg = try #require(plot.figure(id: "d")).picture.source
    #expect(
      svg == """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 680 94" width="680" height="94" \
        role="img" aria-labelledby="d-title d-description">
        <title id="d-title">Differences</title>
        <desc id="d-description">2 differences; interval above 0: 1, interval below 0: 0, interval holds 0: 0.</desc>
        <line class="grid" x1="56" y1="6" x2="56" y2="58"/>
        <text class="tick middle" x="56" y="73">-2</text>
        <line class="grid" x1="138.4" y1="6" x2="138.4" y2="58"/>
        <text class="tick middle" x="138.4" y="73">0</text>
        <line class="grid" x1="220.8" y1="6" x2="220.8" y2="58"/>
        <text class="tick middle" x="220.8" y="73">2</text>
        <line class="grid" x1="303.1" y1="6" x2="303.1" y2="58"/>
        <text class="tick middle" x="303.1" y="73">4</text>
        <line class="grid" x1="385.5" y1="6" x2="385.5" y2="58"/>
        <text class="tick middle" x="385.5" y="73">6</text>
        <line class="grid" x1="467.9" y1="6" x2="467.9" y2="58"/>
        <text class="tick middle" x="467.9" y="73">8</text>
        <line class="grid" x1="550.3" y1="6" x2="550.3" y2="58"/>
        <text class="tick middle" x="550.3" y="73">10</text>
        <line class="zero" x1="138.4" y1="6" x2="138.4" y2="58"/>
        <text class="end" x="42" y="23">a - b</text>
        <path class="s0 spread" d="M179.6 19H509.1M179.6 15v8M509.1 15v8"/>
        <path class="s0 mark" d="M344.3 14.5l4.5 8h-9z"><title>a - b: +5.0 (+1.0 to +9.0)</title></path>
        <text class="value" x="560.3" y="23">+5.0 (+1.0 to +9.0)</text>
        <line class="rule" x1="0" y1="32" x2="680" y2="32"/>
        <text class="end" x="42" y="49">b - c</text>
        <path class="open mark" d="M52.5 41.5h7v7h-7z"><title>b - c: -2.0</title></path>
        <text class="value" x="560.3" y="49">-2.0</text>
        <text class="small end" x="550.3" y="88">percentage points</text>
        </svg>
        """)
  }

  @Test func bothAxesOfALineChartHaveRoundNumbers() throws {
    let svg = try #require(ExamplePage.curves.figure(id: "c")).picture.source
    for label in ["20", "30", "40", "50", "60", "70", "0", "100", "400"] {
      #expect(svg.contains(">\(label)</text>"))
    }
  }

  @Test func theNumberOfABaselineIsWrittenToo() {
    let html = ExamplePage.curves.html(id: "c").source
    #expect(html.contains("<span>Always first: 39.5</span>"))
    #expect(ExamplePage.bars.table.csv().hasPrefix("Category,Of,Base,Base low,"))
    #expect(ExamplePage.bars.table.csv().contains(",0.25,,,0.41,,\n"))
  }

  @Test func gapsBreakALineAndLonePointsAreMarked() throws {
    let chart = LineChart(
      "x", along: "step", measured: "loss", .number(decimals: 1),
      series: [
        .init("a", [.init(0, 1.0), .init(1, 2.0), .init(2, Estimate(.nan)), .init(3, 1.0), .init(4, Estimate(.nan))])
      ])
    let svg = try #require(chart.figure(id: "x")).picture.source
    #expect(svg.components(separatedBy: "class=\"s0 line\"").count == 2)
    #expect(svg.components(separatedBy: "class=\"s0 mark\"").count == 4)
  }

  @Test func aLongCurveKeepsItsPeaksAndStaysSmall() throws {
    var points = (0..<20_000).map { LineChart.Point(Double($0), 0.5) }
    points[12_345] = .init(12_345, 0.9)
    let chart = LineChart("x", along: "step", measured: "accuracy", series: [.init("a", points)])
    let svg = try #require(chart.figure(id: "x")).picture.source
    // The top of the axis is 90 %, which the peak alone reaches.
    let line = try #require(svg.split(separator: "\n").first { $0.contains("s0 line") })
    #expect(line.contains(" 26L"))
    #expect(svg.utf8.count < 60_000)
    #expect(chart.table.rows.count == 20_000)
    #expect(chart.shortTable.rows.count == 200)
    #expect(chart.shortTable.rows.last == chart.table.rows.last)
  }

  @Test func barsOfNothingAndOfAllReachTheEndsOfTheAxis() throws {
    let chart = BarChart("x", series: ["a"], categories: [.init("none", values: [0.0]), .init("all", values: [1.0])])
    let svg = try #require(chart.figure(id: "x")).picture.source
    #expect(svg.contains("width=\"0\" height=\"15\"><title>a, none: 0.0</title>"))
    #expect(svg.contains("<title>a, all: 100.0</title>"))
    #expect(svg.contains(">100.0</text>"))
  }

  @Test func labelsOfRowsNeverMeet() {
    let chart = HardPage.bars
    let labels = RowLabels(chart.categories.map { ($0.name, $0.note) }, most: 200)
    var bottom = -Double.infinity
    for (place, y) in stride(from: 0.0, to: 3000, by: 100).enumerated() {
      let pieces = labels.drawing(place, right: 200, y: y...(y + 72))
      let heights = pieces.flatMap { piece in
        piece.source.matches(of: /y="([0-9.]+)"/).compactMap { Double($0.output.1) }
      }
      #expect(heights == heights.sorted())
      #expect((heights.first ?? 0) - 11 >= max(bottom, y))
      bottom = heights.last ?? bottom
      #expect(bottom <= y + 72)
    }
  }

  @Test func textsOfAllChartsStayWithinThePicture() throws {
    let figures = [
      ExamplePage.bars.figure(id: "a"), HardPage.bars.figure(id: "b"), HardPage.negativeBars.figure(id: "c"),
      ExamplePage.curves.figure(id: "d"), HardPage.small.figure(id: "e"), HardPage.onePoint.figure(id: "f"),
      ExamplePage.differences.figure(id: "g"), HardPage.differences.figure(id: "h"), HardPage.costs.figure(id: "i"),
    ]
    for figure in figures {
      let svg = try #require(figure).picture.source
      for text in svg.matches(of: /<text(?: class="([a-z ]*)")? x="([-0-9.]+)" y="([-0-9.]+)">([^<]*)</) {
        let styles = String(text.output.1 ?? "").split(separator: " ")
        let x = try #require(Double(text.output.2))
        let size = styles.contains { ["tick", "small", "value"].contains($0) } ? 11.0 : 12.0
        let width = LabelText.width(String(text.output.4).replacing("&#39;", with: "'"), size: size)
        let left = styles.contains("middle") ? x - width / 2 : styles.contains("end") ? x - width : x
        #expect(left >= -1 || text.output.4.contains("&"), "\(text.output.0)")
        #expect(left + width <= ChartFigure.width + 1 || text.output.4.contains("&"), "\(text.output.0)")
        #expect(try #require(Double(text.output.3)) <= figure?.height ?? 0)
      }
    }
  }

  @Test func emptyChartsSaySo() {
    let empty = [
      BarChart("none", series: ["a"], categories: [.init("b", values: [nil])]).html(id: "a"),
      LineChart("none", along: "x", measured: "y", series: [.init("a", [.init(0, Estimate(.nan))])]).html(id: "b"),
      DifferencePlot("none", rows: [.init("a", Estimate(.nan))]).html(id: "c"),
      CostChart("none", arms: [.init("a", phases: [])]).html(id: "d"),
    ]
    for chart in empty {
      #expect(chart.source.contains("No numbers to draw."))
      #expect(!chart.source.contains("<svg"))
    }
  }

  @Test func whatWasReusedIsInNoSum() {
    let table = ExamplePage.costs.table
    let last = table.columns.count - 2
    #expect(table.rows.map { table.number($0.cells[last])?.value } == [95, 1697, 2809, 1988, 6589])
    #expect(table.rows.map { table.number($0.cells[last + 1])?.value } == [nil, 0.42, nil, nil, 0.42])
  }

  @Test func intervalsTellHowADifferenceIsDrawn() {
    typealias Row = DifferencePlot.Row
    #expect(Row("", Estimate(0.1, low: 0.01, high: 0.2)).finding == .above)
    #expect(Row("", Estimate(-0.1, low: -0.2, high: -0.01)).finding == .below)
    #expect(Row("", Estimate(0.1, low: 0, high: 0.2)).finding == .open)
    #expect(Row("", Estimate(0.1)).finding == .unknown)
    #expect(Row("", Estimate(.nan, low: 0.1, high: 0.2)).finding == nil)
  }

  @Test func pointsOfOnePlaceAreOneRow() {
    let chart = LineChart(
      "x", along: "step", measured: "y",
      series: [.init("a", [.init(1, 0.1), .init(0, 0.2), .init(1, 0.3)]), .init("b", [.init(1, 0.5)])])
    #expect(chart.table.csv() == "step,a,a low,a high,b,b low,b high\n0,0.2,,,,,\n1,0.3,,,0.5,,\n")
  }
}
