/// How one of several series looks. Colours, after Okabe and Ito's for the colour-blind, are never alone: marks and
/// dashes differ too.
struct SeriesStyle: Sendable, Hashable {
  /// The number of a series, from 0.
  let place: Int

  static let colours = 6
  private static let marks = 5

  /// The class that sets its colour.
  var style: String { "s\(place % Self.colours)" }

  /// Nil for a solid line.
  var dashes: String? {
    switch place / Self.colours % 3 {
    case 0: nil
    case 1: "6 3"
    default: "2 3"
    }
  }

  func mark(_ x: Double, _ y: Double, saying title: String? = nil) -> Markup {
    Self.mark(place % Self.marks, x, y, "\(style) mark", saying: title)
  }

  /// One of the marks, about 8 pixels wide.
  static func mark(_ kind: Int, _ x: Double, _ y: Double, _ style: String, saying title: String? = nil) -> Markup {
    let start = { (dx: Double, dy: Double) in "M\(Decimals.pixels(x + dx)) \(Decimals.pixels(y + dy))" }
    let steps =
      switch kind {
      case 0: start(-4, 0) + "a4 4 0 1 0 8 0a4 4 0 1 0 -8 0z"
      case 1: start(-3.5, -3.5) + "h7v7h-7z"
      case 2: start(0, -4.5) + "l4.5 8h-9z"
      case 3: start(0, -4.8) + "l4.8 4.8l-4.8 4.8l-4.8 -4.8z"
      default: start(0, 4.5) + "l4.5 -8h-9z"
      }
    return .element("path", ["class": style, "d": steps], Shapes.hint(title))
  }
}
