extension DifferencePlot {
  func html(id: String) -> Markup {
    figure(id: id)?.html ?? ChartFigure.empty(id: id, title: title, notes: notes)
  }

  /// Nil where there is nothing to draw.
  func figure(id: String) -> ChartFigure? {
    let shown = rows.map(\.difference).filter(\.isNumber)
    guard !shown.isEmpty else { return nil }
    let layout = Layout(self, shown)
    let zero = Shapes.line(layout.axis.place(0), layout.top, layout.axis.place(0), layout.bottom, "zero")
    return ChartFigure(
      id: id, title: title, description: description,
      height: layout.bottom + layout.axis.heightBelow,
      drawing: layout.axis.verticals(top: layout.top, bottom: layout.bottom) + [zero]
        + rows.indices.flatMap { layout.row($0, self) } + layout.axis.unitBelow(layout.bottom, right: layout.right),
      legend: legend, notes: notes, table: table)
  }

  private var legend: [(sign: Legend.Sign, name: String)] {
    let found = Set(rows.compactMap(\.finding))
    return Finding.allCases.filter { found.contains($0) }.map { (.mark(kind: $0.mark, style: $0.style), $0.name) }
  }

  private var description: String {
    let counts = Finding.allCases.filter { $0 != .unknown }.map { finding in
      "\(finding.name): \(rows.count { $0.finding == finding })"
    }
    return "\(rows.count) differences; " + counts.joined(separator: ", ") + "."
  }

  /// Where things are, in pixels.
  private struct Layout {
    let axis: Axis
    let labels: RowLabels
    let places: [ClosedRange<Double>]
    let top: Double
    let left: Double
    let right: Double

    var bottom: Double { places.last?.upperBound ?? top }

    init(_ plot: DifferencePlot, _ shown: [Estimate]) {
      labels = RowLabels(plot.rows.map { ($0.name, $0.note) }, most: 220)
      left = labels.width + 16
      let widest = shown.map { LabelText.width(plot.quantity.text($0)) }.max() ?? 0
      right = ChartFigure.width - widest - 12
      axis = Axis(
        plot.quantity, shown.flatMap { [$0.low, $0.high] } + [0], from: left, to: right,
        most: max(3, Int((right - left) / 55)), ends: .round)
      let heights = labels.labels.map { max(26, $0.height + 10) }
      let start = heights.reduce(0, +) > 420 ? 22.0 : 6.0
      top = start
      places = heights.indices.map { place in
        let y = start + heights[..<place].reduce(0, +)
        return y...(y + heights[place])
      }
    }

    func row(_ place: Int, _ plot: DifferencePlot) -> [Markup] {
      let row = plot.rows[place]
      let y = places[place]
      let middle = (y.lowerBound + y.upperBound) / 2
      let text = row.difference.isNumber ? plot.quantity.text(row.difference) : Decimals.missing
      let rule = place == 0 ? [] : [Shapes.line(0, y.lowerBound, ChartFigure.width, y.lowerBound, "rule")]
      return rule + labels.drawing(place, right: left - 14, y: y) + mark(row, middle, text)
        + [Shapes.text(text, right + 10, middle + 4, "value")]
    }

    private func mark(_ row: Row, _ y: Double, _ text: String) -> [Markup] {
      guard let finding = row.finding else { return [] }
      let spread = row.difference.interval.map { interval in
        Shapes.interval(
          axis.place(interval.lowerBound)...axis.place(interval.upperBound), at: y, "\(finding.style) spread", cap: 4)
      }
      let mark = SeriesStyle.mark(
        finding.mark, axis.place(row.difference.value), y, "\(finding.style) mark",
        saying: "\(row.name): \(text)")
      return (spread.map { [$0] } ?? []) + [mark]
    }
  }
}
