/// The few numbers that a page is about, in large print.
public struct KeyFigures: Sendable, Hashable {
  public struct Figure: Sendable, Hashable {
    public var name: String
    public var quantity: Quantity
    public var value: Estimate
    /// Such as what it is to be compared with.
    public var note: String?

    public init(_ name: String, _ quantity: Quantity, _ value: Estimate, note: String? = nil) {
      self.name = name
      self.quantity = quantity
      self.value = value
      self.note = note
    }
  }

  public var figures: [Figure]

  public init(_ figures: [Figure]) { self.figures = figures }

  var html: Markup {
    guard !figures.isEmpty else { return .empty }
    return .block("dl", ["class": "figures"], figures.map(Self.html))
  }

  private static func html(_ figure: Figure) -> Markup {
    let value = Markup.text(figure.quantity.text(figure.value.value))
    let unit = figure.quantity.unit.map { Markup.text(" ") + .element("span", [:], .text($0)) } ?? .empty
    let interval = figure.quantity.intervalText(figure.value).map {
      Markup.text(" ") + .element("small", [:], .text($0))
    }
    let number = Markup.element(
      "dd", ["data-value": Decimals.exact(figure.value.value)], .element("strong", [:], value), unit, interval ?? .empty
    )
    let note = figure.note.map { Markup.element("dd", ["class": "note"], .text($0)) } ?? .empty
    return .element("div", [:], .element("dt", [:], .text(figure.name)), number, note)
  }
}
