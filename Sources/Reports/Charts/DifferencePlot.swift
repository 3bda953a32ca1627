/// A forest plot: differences with their intervals against 0, told apart by whether the interval holds 0.
public struct DifferencePlot: Sendable, Hashable {
  public struct Row: Sendable, Hashable {
    public var name: String
    public var difference: Estimate
    /// Such as the p value of a test.
    public var note: String?

    public init(_ name: String, _ difference: Estimate, note: String? = nil) {
      self.name = name
      self.difference = difference
      self.note = note
    }

    /// Nil where there is no difference.
    var finding: Finding? {
      guard difference.isNumber else { return nil }
      guard let interval = difference.interval else { return .unknown }
      if interval.lowerBound > 0 { return .above }
      return interval.upperBound < 0 ? .below : .open
    }
  }

  /// Where an interval lies.
  enum Finding: CaseIterable {
    case above, below, open, unknown

    var name: String {
      switch self {
      case .above: "interval above 0"
      case .below: "interval below 0"
      case .open: "interval holds 0"
      case .unknown: "no interval"
      }
    }

    var style: String {
      switch self {
      case .above: "s0"
      case .below: "s1"
      case .open, .unknown: "open"
      }
    }

    var mark: Int {
      switch self {
      case .above: 2
      case .below: 4
      case .open: 0
      case .unknown: 1
      }
    }
  }

  public var title: String
  public var quantity: Quantity
  public var rows: [Row]
  public var notes: [String]

  public init(_ title: String, _ quantity: Quantity = .points, rows: [Row], notes: [String] = []) {
    self.title = title
    self.quantity = quantity
    self.rows = rows
    self.notes = notes
  }

  /// All numbers of the picture.
  public var table: ReportTable {
    let hasNotes = rows.contains { $0.note != nil }
    let columns = [ReportTable.Column("Comparison"), .init("Difference", quantity)] + (hasNotes ? [.init("Test")] : [])
    return ReportTable(
      title, columns: columns,
      rows: rows.map { row in
        let number: ReportTable.Cell = row.difference.isNumber ? .number(row.difference) : .missing
        return ReportTable.Row(
          [.text(row.name), number] + (hasNotes ? [row.note.map { .text($0) } ?? .missing] : []))
      })
  }
}
