/// What pictures are made of. Colours come with the page's styles, by class.
enum Shapes {
  static func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ style: String) -> Markup {
    .single(
      "line",
      [
        "class": style, "x1": Decimals.pixels(x1), "y1": Decimals.pixels(y1), "x2": Decimals.pixels(x2),
        "y2": Decimals.pixels(y2),
      ])
  }

  static func text(_ text: String, _ x: Double, _ y: Double, _ style: String? = nil) -> Markup {
    .element("text", ["class": style, "x": Decimals.pixels(x), "y": Decimals.pixels(y)], .text(text))
  }

  /// Lines of text, the first on the base line `y`; `full` is told where they are cut.
  static func lines(_ lines: [String], _ x: Double, _ y: Double, _ style: String? = nil, full: String) -> [Markup] {
    guard lines.last?.hasSuffix("…") == true, !full.hasSuffix("…") else {
      return lines.enumerated().map { text($1, x, y + Double($0) * lineHeight, style) }
    }
    let pieces = lines.enumerated().map { text($1, x, y + Double($0) * lineHeight, style) }
    return [.element("g", [:], .lines([.element("title", [:], .text(full))] + pieces))]
  }

  static let lineHeight = 14.0

  static func rectangle(
    _ x: ClosedRange<Double>, _ y: ClosedRange<Double>, _ style: String, saying title: String? = nil
  ) -> Markup {
    .element(
      "rect",
      [
        "class": style, "x": Decimals.pixels(x.lowerBound), "y": Decimals.pixels(y.lowerBound),
        "width": Decimals.pixels(x.upperBound - x.lowerBound), "height": Decimals.pixels(y.upperBound - y.lowerBound),
      ], hint(title))
  }

  static func path(_ steps: String, _ style: String, dashes: String? = nil) -> Markup {
    .single("path", ["class": style, "stroke-dasharray": dashes, "d": steps])
  }

  /// What is shown where the pointer rests.
  static func hint(_ text: String?) -> Markup {
    text.map { .element("title", [:], .text($0)) } ?? .empty
  }

  /// An interval along the width, with its ends.
  static func interval(_ x: ClosedRange<Double>, at y: Double, _ style: String, cap: Double = 3) -> Markup {
    let (low, high) = (Decimals.pixels(x.lowerBound), Decimals.pixels(x.upperBound))
    let (middle, top) = (Decimals.pixels(y), Decimals.pixels(y - cap))
    let height = Decimals.pixels(2 * cap)
    return path("M\(low) \(middle)H\(high)M\(low) \(top)v\(height)M\(high) \(top)v\(height)", style)
  }

  /// An interval along the height, with its ends.
  static func upright(_ y: ClosedRange<Double>, at x: Double, _ style: String, cap: Double = 3) -> Markup {
    let (low, high) = (Decimals.pixels(y.upperBound), Decimals.pixels(y.lowerBound))
    let (middle, left, width) = (Decimals.pixels(x), Decimals.pixels(x - cap), Decimals.pixels(2 * cap))
    return path("M\(middle) \(low)V\(high)M\(left) \(low)h\(width)M\(left) \(high)h\(width)", style)
  }
}
