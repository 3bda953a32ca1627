/// A table as a page, as Markdown and as CSV: rounded where people read it, exact in the CSV and in the page's
/// `data-` attributes.
public struct ReportTable: Sendable, Hashable {
  /// Which number of a column stands out.
  public enum Best: Sendable, Hashable {
    case highest, lowest
  }

  public struct Column: Sendable, Hashable {
    public var name: String
    /// What its numbers measure; nil for text.
    public var quantity: Quantity?
    public var best: Best?

    public init(_ name: String, _ quantity: Quantity? = nil, best: Best? = nil) {
      self.name = name
      self.quantity = quantity
      self.best = best
    }
  }

  public enum Cell: Sendable, Hashable {
    case text(String)
    case number(Estimate)
    case missing
  }

  public struct Row: Sendable, Hashable {
    public var cells: [Cell]
    /// A baseline: it is set apart, and never the best.
    public var isReference: Bool

    public init(_ cells: [Cell], isReference: Bool = false) {
      self.cells = cells
      self.isReference = isReference
    }
  }

  public var title: String
  public var columns: [Column]
  public var rows: [Row]
  /// What a reader has to know, one sentence each.
  public var notes: [String]

  public init(_ title: String, columns: [Column], rows: [Row], notes: [String] = []) {
    self.title = title
    self.columns = columns
    self.rows = rows
    self.notes = notes
  }

  /// The cells of a row, one for each column.
  func cells(_ row: Row) -> [Cell] {
    columns.indices.map { row.cells.indices.contains($0) ? row.cells[$0] : .missing }
  }

  /// The number that stands out in each column; nil where there are not two to choose from.
  func bestValues() -> [Double?] {
    columns.indices.map { place in
      let values = rows.filter { !$0.isReference }.compactMap { number(cells($0)[place])?.value }
      guard values.count > 1 else { return nil }
      return switch columns[place].best {
      case .highest: values.max()
      case .lowest: values.min()
      case nil: nil
      }
    }
  }

  /// The text of a cell as people read it.
  func text(_ cell: Cell, in column: Column) -> String {
    switch cell {
    case .text(let text): text
    case .number(let estimate): (column.quantity ?? .number(decimals: 2)).text(estimate)
    case .missing: Decimals.missing
    }
  }

  /// The number in a cell, where there is one.
  func number(_ cell: Cell) -> Estimate? {
    guard case .number(let estimate) = cell, estimate.value.isFinite else { return nil }
    return estimate
  }

  func heading(_ column: Column) -> String {
    column.name + (column.quantity?.unit.map { " (\($0))" } ?? "")
  }
}
