extension ReportTable {
  /// The table after RFC 4180, its lines ended by "\n", with the shortest numbers that read back as the same ones:
  /// shares from 0 to 1, seconds. A number with an interval has two more columns, `low` and `high`.
  ///
  /// Spreadsheets compute what begins as a formula does; such a text gets an apostrophe in front.
  public func csv() -> String {
    let intervals = columns.indices.map { hasIntervals($0) }
    let headings = columns.indices.flatMap { place in
      let name = columns[place].name
      return ([name] + (intervals[place] ? ["\(name) low", "\(name) high"] : [])).map(Self.field)
    }
    let lines = rows.map { row in
      let cells = cells(row)
      return columns.indices.flatMap { fields(cells[$0], hasInterval: intervals[$0]) }
    }
    return ([headings] + lines).map { $0.joined(separator: ",") + "\n" }.joined()
  }

  /// Shares and differences always have the columns, so that files of two runs have the same.
  private func hasIntervals(_ place: Int) -> Bool {
    switch columns[place].quantity {
    case nil: false
    case .percent, .points: true
    case .number, .seconds, .money: rows.contains { number(cells($0)[place])?.interval != nil }
    }
  }

  private func fields(_ cell: Cell, hasInterval: Bool) -> [String] {
    let ends = hasInterval ? ["", ""] : []
    switch cell {
    case .missing: return [""] + ends
    case .text(let text): return [Self.field(text)] + ends
    case .number(let estimate):
      let interval = estimate.interval.map { [Decimals.exact($0.lowerBound), Decimals.exact($0.upperBound)] }
      return [Decimals.exact(estimate.value)] + (hasInterval ? interval ?? ends : [])
    }
  }

  static func field(_ text: String) -> String {
    let clean = PlainText.cleaned(text)
    let isFormula = clean.unicodeScalars.first.map { "=+-@\t\n".unicodeScalars.contains($0) } ?? false
    let safe = isFormula && Double(clean) == nil ? "'" + clean : clean
    let needsQuotes = safe.unicodeScalars.contains { "\",\n".unicodeScalars.contains($0) }
    return needsQuotes ? "\"\(safe.replacing("\"", with: "\"\""))\"" : safe
  }
}
