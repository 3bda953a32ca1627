extension BarChart {
  func html(id: String) -> Markup {
    figure(id: id)?.html ?? ChartFigure.empty(id: id, title: title, notes: notes)
  }

  /// Nil where there is nothing to draw.
  func figure(id: String) -> ChartFigure? {
    let shown = categories.flatMap { category in series.indices.compactMap { category.value($0) } }
    guard !shown.isEmpty else { return nil }
    let layout = Layout(self, shown)
    let bottom = layout.groups.last?.upperBound ?? layout.top
    let groups = categories.indices.flatMap { layout.group($0, self) }
    return ChartFigure(
      id: id, title: title, description: description, height: bottom + layout.axis.heightBelow,
      drawing: layout.axis.verticals(top: layout.top, bottom: bottom) + groups
        + layout.axis.unitBelow(bottom, right: layout.right),
      legend: legend, notes: notes, table: table)
  }

  private var legend: [(sign: Legend.Sign, name: String)] {
    series.enumerated().map { (.bar(SeriesStyle(place: $0)), $1) }
      + references.enumerated().map { (.reference($0), $1.name) }
  }

  private var description: String {
    let ranges = series.enumerated().map { place, name in
      let values = categories.compactMap { $0.value(place)?.value }
      guard let low = values.min(), let high = values.max() else { return "\(name): none." }
      return "\(name): from \(quantity.text(low)) to \(quantity.text(high))."
    }
    return (["Bars of \(series.count) series in \(categories.count) categories."] + ranges).joined(separator: " ")
  }

  /// Where things are, in pixels.
  private struct Layout {
    let axis: Axis
    let labels: RowLabels
    let groups: [ClosedRange<Double>]
    let bar: Double
    let top: Double
    let left: Double
    let right: Double

    static let gap = 2.0

    init(_ chart: BarChart, _ shown: [Estimate]) {
      labels = RowLabels(chart.categories.map { ($0.name, $0.note) }, most: 200)
      left = labels.width + 10
      let widest = shown.map { LabelText.width(chart.quantity.text($0.value), size: 11) }.max() ?? 0
      right = ChartFigure.width - widest - 10
      let references = chart.categories.indices.flatMap { place in chart.references.compactMap { $0.value(place) } }
      axis = Axis(
        chart.quantity, shown.flatMap { [$0.low, $0.high] } + references + [0], from: left, to: right,
        most: max(3, Int((right - left) / 55)), ends: .round)
      bar = chart.series.count > 2 ? 11 : 15
      let needed = Double(chart.series.count) * (bar + Self.gap) - Self.gap
      let heights = labels.labels.map { max(needed, $0.height) + 12 }
      let start = heights.reduce(0, +) > 420 ? 22.0 : 6.0
      top = start
      groups = heights.indices.map { place in
        let y = start + heights[..<place].reduce(0, +)
        return y...(y + heights[place])
      }
    }

    func group(_ place: Int, _ chart: BarChart) -> [Markup] {
      let y = groups[place]
      let height = Double(chart.series.count) * (bar + Self.gap) - Self.gap
      let first = (y.lowerBound + y.upperBound - height) / 2
      let bars = chart.series.indices.map { series in
        self.bar(series, place, chart, y: first + Double(series) * (bar + Self.gap))
      }
      let baselines = chart.references.enumerated().compactMap { number, reference in
        reference.value(place).map { value in
          let x = Decimals.pixels(axis.place(value))
          let steps = "M\(x) \(Decimals.pixels(y.lowerBound))V\(Decimals.pixels(y.upperBound))"
          return Shapes.path(steps, "reference", dashes: Legend.referenceDashes(number))
        }
      }
      let rule = place == 0 ? [] : [Shapes.line(0, y.lowerBound, right, y.lowerBound, "rule")]
      // The numbers last: their halo keeps them readable on a baseline.
      return rule + labels.drawing(place, right: left - 8, y: y) + bars.flatMap(\.shapes) + baselines
        + bars.map(\.label)
    }

    private func bar(
      _ series: Int, _ place: Int, _ chart: BarChart, y: Double
    ) -> (shapes: [Markup], label: Markup) {
      let style = SeriesStyle(place: series)
      let zero = axis.place(0)
      guard let value = chart.categories[place].value(series) else {
        return ([], Shapes.text(Decimals.missing, zero + 5, y + bar / 2 + 4, "value"))
      }
      let end = axis.place(value.value)
      let says = "\(chart.series[series]), \(chart.categories[place].name): \(chart.quantity.text(value))"
      let shape = Shapes.rectangle(
        min(zero, end)...max(zero, end), y...(y + bar), "\(style.style) bar\(Legend.pattern(style))", saying: says)
      // Twice: light around dark shows on any bar.
      let spread = value.interval.map { interval in
        ["halo", "whisker"].map { style in
          Shapes.interval(
            axis.place(interval.lowerBound)...axis.place(interval.upperBound), at: y + bar / 2, style, cap: bar / 4)
        }
      }
      let label = Shapes.text(
        chart.quantity.text(value.value), axis.place(max(value.high, 0)) + 5, y + bar / 2 + 4, "value")
      return ([shape] + (spread ?? []), label)
    }
  }
}
