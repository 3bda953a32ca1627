/// A picture with its title, legend, remarks, and its numbers as a table behind a fold.
struct ChartFigure {
  /// Pixels; narrower screens shrink the picture to four fifths of it, then scroll.
  static let width = 680.0

  var id: String
  var title: String
  /// What the picture shows, for those who do not see it.
  var description: String
  var height: Double
  var drawing: [Markup]
  var legend: [(sign: Legend.Sign, name: String)] = []
  var notes: [String]
  var table: ReportTable
  var isOpen = false

  var html: Markup {
    .block(
      "figure", ["id": id],
      [
        .element("figcaption", [:], .text(title)), .block("div", ["class": "scroll", "tabindex": "0"], [picture]),
        Legend.html(legend), ReportTable.html(notes: notes), numbers,
      ])
  }

  /// A figure where there is nothing to draw.
  static func empty(id: String, title: String, notes: [String]) -> Markup {
    .block(
      "figure", ["id": id],
      [
        .element("figcaption", [:], .text(title)), .literal("<p class=\"empty\">No numbers to draw.</p>"),
        ReportTable.html(notes: notes),
      ])
  }

  var picture: Markup {
    let size = [Decimals.pixels(Self.width), Decimals.pixels(height)]
    return .block(
      "svg",
      [
        "xmlns": "http://www.w3.org/2000/svg", "viewBox": "0 0 \(size[0]) \(size[1])", "width": size[0],
        "height": size[1], "role": "img", "aria-labelledby": "\(id)-title \(id)-description",
      ],
      [
        .element("title", ["id": "\(id)-title"], .text(title)),
        .element("desc", ["id": "\(id)-description"], .text(description)),
      ] + drawing)
  }

  private var numbers: Markup {
    let body = table.html(showsTitle: false)
    guard !isOpen else { return body }
    return .block("details", [:], [.literal("<summary>Numbers</summary>"), body])
  }
}
