extension LineChart {
  func html(id: String) -> Markup {
    figure(id: id)?.html ?? ChartFigure.empty(id: id, title: title, notes: notes)
  }

  /// Nil where there is nothing to draw.
  func figure(id: String) -> ChartFigure? {
    guard let frame = Frame(self) else { return nil }
    let lines = references.enumerated().compactMap { place, reference in
      Estimate.canBeDrawn(reference.value)
        ? Shapes.path(
          "M\(Decimals.pixels(frame.left)) \(Decimals.pixels(frame.y.place(reference.value)))"
            + "H\(Decimals.pixels(frame.right))", "reference", dashes: Legend.referenceDashes(place)) : nil
    }
    let curves = series.enumerated().map { Curve($1, SeriesStyle(place: $0), frame, quantity) }
    // A single point, such as the base model's, must not lie below the first of a long line.
    let marks = curves.filter { !$0.isPoint } + curves.filter(\.isPoint)
    return ChartFigure(
      id: id, title: title, description: description, height: Frame.bottom + 40,
      drawing: frame.drawing(self) + curves.flatMap(\.bands) + lines + curves.flatMap(\.lines)
        + marks.flatMap(\.marks),
      legend: zip(series, curves).enumerated().map { place, curve in
        (.line(SeriesStyle(place: place)), curve.0.name + (curve.1.isEmpty ? " (no numbers)" : ""))
      }
        + references.enumerated().map { (.reference($0), "\($1.name): \(quantity.text($1.value))") },
      notes: notes, table: shortTable)
  }

  private var description: String {
    let ends = series.map { series in
      guard let last = series.ordered.last(where: { $0.y.isNumber }) else { return "\(series.name): no points." }
      return "\(series.name): \(quantity.text(last.y)) at \(Decimals.exact(last.x))."
    }
    return (["\(measured) by \(along), \(series.count) series."] + ends).joined(separator: " ")
  }
}

/// The axes of a line chart.
private struct Frame {
  let x: Axis
  let y: Axis
  let left: Double
  let right: Double

  static let top = 26.0
  static let bottom = 286.0

  init?(_ chart: LineChart) {
    let points = chart.series.flatMap(\.ordered).filter { $0.y.isNumber }
    guard !points.isEmpty else { return nil }
    let heights = points.flatMap { [$0.y.low, $0.y.high] }
    let references = chart.references.map(\.value).filter(Estimate.canBeDrawn)
    y = Axis(chart.quantity, heights + references, from: Self.bottom, to: Self.top, most: 7, ends: .round)
    left = 14 + (y.ticks.labels.map { LabelText.width($0) }.max() ?? 0)
    let (places, isWhole) = (points.map(\.x), points.allSatisfy { $0.x == $0.x.rounded() })
    // The last label is centred below its tick and must not leave the picture.
    let end = Axis(.number(decimals: 0), places, from: 0, to: 1, most: 6, ends: .exact, wholeOnly: isWhole)
    let widest = end.ticks.labels.map { LabelText.width($0) }.max() ?? 0
    right = ChartFigure.width - max(10, widest / 2 + 2)
    x = Axis(
      .number(decimals: 0), places, from: left + 6, to: right - 6,
      most: max(2, min(9, Int((right - left) / (widest + 24)))), ends: .exact, wholeOnly: isWhole)
  }

  func drawing(_ chart: LineChart) -> [Markup] {
    let measured = [chart.measured, y.unit.name].filter { !$0.isEmpty }.joined(separator: ", ")
    let labels = x.marks.flatMap { mark in
      [Shapes.line(mark.place, Self.bottom, mark.place, Self.bottom + 4, "zero")]
        + [Shapes.text(mark.label, mark.place, Self.bottom + 17, "tick middle")]
    }
    return [Shapes.text(measured, 0, 12, "small")] + y.horizontals(left: left, right: right)
      + [Shapes.line(left, Self.bottom, right, Self.bottom, "zero")] + labels
      + [Shapes.text(chart.along, right, Self.bottom + 34, "small end")]
  }
}

/// A series in the picture.
private struct Curve {
  /// Between the gaps.
  private let runs: [[LineChart.Point]]
  private let series: LineChart.Series
  private let style: SeriesStyle
  private let frame: Frame
  private let quantity: Quantity
  private let isDense: Bool

  init(_ series: LineChart.Series, _ style: SeriesStyle, _ frame: Frame, _ quantity: Quantity) {
    (self.series, self.style, self.frame, self.quantity) = (series, style, frame, quantity)
    let points = series.ordered
    isDense = points.count > 40
    runs = points.split { !$0.y.isNumber }.map { Self.thinned(Array($0), frame) }
  }

  /// The first, least, greatest and last of the points that share a pixel: the others cannot be seen.
  private static func thinned(_ points: [LineChart.Point], _ frame: Frame) -> [LineChart.Point] {
    guard points.count > 1500 else { return points }
    var result: [LineChart.Point] = []
    var start = 0
    while start < points.count {
      let column = frame.x.place(points[start].x).rounded()
      let end = points[start...].firstIndex { frame.x.place($0.x).rounded() != column } ?? points.count
      let group = points[start..<end].enumerated()
      let least = group.min { $0.element.y.value < $1.element.y.value }?.offset ?? 0
      let greatest = group.max { $0.element.y.value < $1.element.y.value }?.offset ?? 0
      result += Set([0, least, greatest, end - start - 1]).sorted().map { points[start + $0] }
      start = end
    }
    return result
  }

  var isEmpty: Bool { runs.isEmpty }
  var isPoint: Bool { runs.allSatisfy { $0.count == 1 } }

  var bands: [Markup] {
    runs.flatMap { run in
      run.split { $0.y.interval == nil }.filter { $0.count > 1 }.map { part in
        let upper = part.map { place($0.x, $0.y.high) }
        let lower = part.reversed().map { place($0.x, $0.y.low) }
        return Shapes.path("M" + (upper + lower).joined(separator: "L") + "z", "\(style.style) band")
      }
    }
  }

  var lines: [Markup] {
    runs.filter { $0.count > 1 }.map { run in
      let steps = "M" + run.map { place($0.x, $0.y.value) }.joined(separator: "L")
      return Shapes.path(steps, "\(style.style) line", dashes: style.dashes)
    }
  }

  /// All points of a short series; of a long one only those that no line goes through.
  var marks: [Markup] {
    runs.flatMap { run in
      guard !isDense || run.count == 1 else { return [Markup]() }
      return run.flatMap { point in
        let (x, y) = (frame.x.place(point.x), frame.y.place(point.y.value))
        let spread = run.count == 1 ? point.y.interval : nil
        let bar = spread.map { interval in
          Shapes.upright(
            frame.y.place(interval.upperBound)...frame.y.place(interval.lowerBound), at: x, "\(style.style) spread")
        }
        let says = "\(series.name), \(Decimals.exact(point.x)): \(quantity.text(point.y))"
        return (bar.map { [$0] } ?? []) + [style.mark(x, y, saying: says)]
      }
    }
  }

  private func place(_ x: Double, _ y: Double) -> String {
    "\(Decimals.pixels(frame.x.place(x))) \(Decimals.pixels(frame.y.place(y)))"
  }
}
