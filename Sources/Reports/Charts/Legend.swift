/// What the colours and lines of a picture stand for; below it as text of the page, which wraps by itself.
enum Legend {
  enum Sign {
    case line(SeriesStyle)
    case bar(SeriesStyle)
    case reference(Int)
    case mark(kind: Int, style: String)
    case reused
  }

  static func html(_ entries: [(sign: Sign, name: String)]) -> Markup {
    guard !entries.isEmpty else { return .empty }
    return .block(
      "ul", ["class": "legend"],
      entries.map { entry in
        let picture = Markup.element(
          "svg", ["width": "26", "height": "12", "viewBox": "0 0 26 12", "aria-hidden": "true"], drawing(entry.sign))
        return .element("li", [:], picture, .element("span", [:], .text(entry.name)))
      })
  }

  private static func drawing(_ sign: Sign) -> Markup {
    switch sign {
    case .line(let series): Shapes.path("M0 6H26", "\(series.style) line", dashes: series.dashes) + series.mark(13, 6)
    case .bar(let series): Shapes.rectangle(6...20, 1...11, "\(series.style) bar\(pattern(series))")
    case .reference(let place): Shapes.path("M0 6H26", "reference", dashes: referenceDashes(place))
    case .mark(let kind, let style):
      Shapes.path("M2 6H24", "\(style) spread") + SeriesStyle.mark(kind, 13, 6, "\(style) mark")
    case .reused: Shapes.rectangle(6...20, 1...11, "s0 bar reused")
    }
  }

  /// Bars of a seventh series and on have an edge, as their colours come again.
  static func pattern(_ series: SeriesStyle) -> String { series.dashes == nil ? "" : " edged" }

  static func referenceDashes(_ place: Int) -> String { ["5 3", "2 2", "9 3 2 3", "1 4"][place % 4] }
}
