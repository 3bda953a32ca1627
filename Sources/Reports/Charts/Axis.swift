/// An axis with its round numbers, along the width or the height of a picture.
struct Axis: Sendable {
  let unit: AxisUnit
  let ticks: Ticks
  private let scale: Scale

  enum Ends {
    /// As the numbers have them.
    case exact
    /// At the round numbers around them.
    case round
  }

  /// An axis that holds `values` (one at least), from the place `from` to the place `to`.
  init(
    _ quantity: Quantity, _ values: [Double], from: Double, to: Double, most: Int, ends: Ends, wholeOnly: Bool = false
  ) {
    let size = values.map(\.magnitude).max() ?? 0
    unit = AxisUnit(quantity, upTo: size)
    let factor = unit.factor
    let low = (values.min() ?? 0) * factor
    let high = (values.max() ?? 0) * factor
    switch ends {
    case .exact:
      let range = Ticks.widened(low...high)
      scale = Scale(domain: range, from: from, to: to)
      ticks = Ticks(in: range, most: most, wholeOnly: wholeOnly)
    case .round:
      // A share of 1 alone must not make an axis to 110 %.
      let isShare = quantity == .percent && low >= 0 && high <= 100
      let around = Ticks.widened(low...high)
      let wanted = isShare ? max(around.lowerBound, 0)...min(around.upperBound, 100) : around
      let rounded = Ticks.rounding(wanted, most: most, wholeOnly: wholeOnly)
      scale = Scale(domain: rounded.range, from: from, to: to)
      ticks = rounded.ticks
    }
  }

  /// The place of a number, in what it was given in.
  func place(_ value: Double) -> Double { scale(value * unit.factor) }

  /// The places of the ticks, with their labels.
  var marks: [(place: Double, label: String)] { zip(ticks.values.map { scale($0) }, ticks.labels).map { ($0, $1) } }

  /// Lines across a picture whose numbers run along its width, with labels below and, where it is tall, above.
  func verticals(top: Double, bottom: Double) -> [Markup] {
    let isTall = bottom - top > 420
    return marks.flatMap { mark in
      [Shapes.line(mark.place, top, mark.place, bottom, "grid")]
        + [Shapes.text(mark.label, mark.place, bottom + 15, "tick middle")]
        + (isTall ? [Shapes.text(mark.label, mark.place, top - 6, "tick middle")] : [])
    }
  }

  /// What the numbers along the width are in, below them.
  func unitBelow(_ bottom: Double, right: Double) -> [Markup] {
    unit.name.isEmpty ? [] : [Shapes.text(unit.name, right, bottom + 30, "small end")]
  }

  /// The room for the numbers along the width and what they are in.
  var heightBelow: Double { unit.name.isEmpty ? 22 : 36 }

  /// Lines across a picture whose numbers run along its height, with labels on the left.
  func horizontals(left: Double, right: Double) -> [Markup] {
    marks.flatMap { mark in
      [Shapes.line(left, mark.place, right, mark.place, "grid")]
        + [Shapes.text(mark.label, left - 6, mark.place + 4, "tick end")]
    }
  }
}
