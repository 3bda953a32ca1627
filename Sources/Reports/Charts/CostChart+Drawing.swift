extension CostChart {
  func html(id: String) -> Markup {
    if let figure = figure(id: id) { return figure.html }
    let empty = ChartFigure.empty(id: id, title: title, notes: notes)
    return arms.isEmpty ? empty : .lines([empty, table.html(showsTitle: false)])
  }

  /// Nil where no arm took any time.
  func figure(id: String) -> ChartFigure? {
    guard arms.contains(where: { $0.drawn.contains { $0.seconds > 0 } }) else { return nil }
    let labels = RowLabels(arms.map { ($0.name, nil) }, most: 220)
    let left = labels.width + 16
    let widest = arms.map { LabelText.width(sums($0)) }.max() ?? 0
    let right = ChartFigure.width - widest - 12
    let totals = arms.map { arm in arm.drawn.reduce(0) { $0 + $1.seconds } }
    let axis = Axis(
      .seconds, totals + [0], from: left, to: right, most: max(3, Int((right - left) / 60)), ends: .round)
    var bottom = 6.0
    let rows = arms.indices.flatMap { place in
      let y = bottom...(bottom + max(30, labels.labels[place].height + 10))
      bottom = y.upperBound
      return labels.drawing(place, right: left - 10, y: y) + row(place, y, axis)
    }
    return ChartFigure(
      id: id, title: title, description: description, height: bottom + axis.heightBelow,
      drawing: axis.verticals(top: 6, bottom: bottom) + rows
        + axis.unitBelow(bottom, right: right),
      legend: legend, notes: notes, table: table, isOpen: true)
  }

  private func row(_ place: Int, _ y: ClosedRange<Double>, _ axis: Axis) -> [Markup] {
    let middle = (y.lowerBound + y.upperBound) / 2
    let names = phases
    var seconds = 0.0
    let bars = arms[place].drawn.map { phase in
      let style = SeriesStyle(place: names.firstIndex(of: phase.name) ?? 0)
      let x = axis.place(seconds)...axis.place(seconds + phase.seconds)
      seconds += phase.seconds
      let says = "\(arms[place].name), \(phase.name): \(Quantity.seconds.text(phase.seconds))"
      let kind = phase.isReused ? " reused" : Legend.pattern(style)
      return Shapes.rectangle(
        x, (middle - 9)...(middle + 9), "\(style.style) bar\(kind)", saying: says + (phase.isReused ? ", reused" : ""))
    }
    return bars + [Shapes.text(sums(arms[place]), axis.place(seconds) + 8, middle + 4, "value")]
  }

  private func sums(_ arm: Arm) -> String {
    [arm.seconds.map(Quantity.seconds.text) ?? Decimals.missing, arm.money.map { Quantity.money(currency).text($0) }]
      .compactMap { $0 }.joined(separator: ", ")
  }

  private var legend: [(sign: Legend.Sign, name: String)] {
    let hasReused = arms.contains { $0.drawn.contains(where: \.isReused) }
    return phases.enumerated().map { (.bar(SeriesStyle(place: $0)), $1) }
      + (hasReused ? [(.reused, "lighter: taken over from another arm")] : [])
  }

  private var description: String {
    "Time of \(arms.count) arms. " + arms.map { "\($0.name): \(sums($0))." }.joined(separator: " ")
  }
}
