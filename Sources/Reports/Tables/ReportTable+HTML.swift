extension ReportTable {
  /// The table with its title above and its notes below.
  func html(showsTitle: Bool = true) -> Markup {
    let best = bestValues()
    let headings = columns.map { column in
      Markup.element("th", ["scope": "col", "class": column.quantity == nil ? nil : "n"], .text(heading(column)))
    }
    let head = Markup.element("thead", [:], .block("tr", [:], headings))
    let body = Markup.block("tbody", [:], rows.map { html($0, best) })
    let caption = showsTitle && !title.isEmpty ? Markup.element("caption", [:], .text(title)) : .empty
    let isSortable = rows.count > 2
    let table = Markup.block("table", ["class": isSortable ? "sortable" : nil], [caption, head, body])
    // The first column stays in sight when a narrow screen has to scroll.
    let scroll = Markup.block("div", ["class": "scroll", "tabindex": "0"], [table])
    return .lines([rows.isEmpty ? scroll + Self.nothing : scroll, Self.html(notes: notes)])
  }

  static let nothing = Markup.literal("<p class=\"empty\">No rows.</p>")

  static func html(notes: [String]) -> Markup {
    guard !notes.isEmpty else { return .empty }
    return .block("ul", ["class": "remarks"], notes.map { .element("li", [:], .text($0)) })
  }

  private func html(_ row: Row, _ best: [Double?]) -> Markup {
    let cells = cells(row)
    let pieces = columns.indices.map { place in
      let cell = cells[place]
      let isBest = !row.isReference && best[place] != nil && number(cell)?.value == best[place]
      return html(cell, columns[place], isHeader: place == 0 && columns[place].quantity == nil, isBest: isBest)
    }
    return .block("tr", ["class": row.isReference ? "reference" : nil], pieces)
  }

  private func html(_ cell: Cell, _ column: Column, isHeader: Bool, isBest: Bool) -> Markup {
    if isHeader { return .element("th", ["scope": "row"], .text(text(cell, in: column))) }
    guard let estimate = number(cell) else {
      return .element("td", ["class": column.quantity == nil ? nil : "n"], .text(text(cell, in: column)))
    }
    let quantity = column.quantity ?? .number(decimals: 2)
    let value = Markup.text(quantity.text(estimate.value))
    let interval = quantity.intervalText(estimate).map { Markup.text(" ") + .element("small", [:], .text($0)) }
    return .element(
      "td",
      [
        "class": "n", "data-value": Decimals.exact(estimate.value),
        "data-low": estimate.interval.map { Decimals.exact($0.lowerBound) },
        "data-high": estimate.interval.map { Decimals.exact($0.upperBound) },
      ], (isBest ? .element("strong", [:], value) : value) + (interval ?? .empty))
  }
}
