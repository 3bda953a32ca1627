/// Several series along one axis, such as learning curves; intervals as bands.
public struct LineChart: Sendable, Hashable {
  public struct Point: Sendable, Hashable {
    public var x: Double
    /// Not a number where the line has a gap.
    public var y: Estimate

    public init(_ x: Double, _ y: Estimate) {
      self.x = x
      self.y = y
    }
  }

  public struct Series: Sendable, Hashable {
    public var name: String
    public var points: [Point]

    public init(_ name: String, _ points: [Point]) {
      self.name = name
      self.points = points
    }

    /// From left to right, without the points that have no place.
    var ordered: [Point] {
      let placed = points.filter { Estimate.canBeDrawn($0.x) }
      return placed.enumerated().sorted { ($0.element.x, $0.offset) < ($1.element.x, $1.offset) }.map(\.element)
    }
  }

  public struct Reference: Sendable, Hashable {
    public var name: String
    public var value: Double

    public init(_ name: String, _ value: Double) {
      self.name = name
      self.value = value
    }
  }

  public var title: String
  /// What runs along the width, such as "training step".
  public var along: String
  /// What runs along the height, such as "accuracy".
  public var measured: String
  public var quantity: Quantity
  public var series: [Series]
  public var references: [Reference]
  public var notes: [String]

  public init(
    _ title: String, along: String, measured: String, _ quantity: Quantity = .percent, series: [Series],
    references: [Reference] = [], notes: [String] = []
  ) {
    self.title = title
    self.along = along
    self.measured = measured
    self.quantity = quantity
    self.series = series
    self.references = references
    self.notes = notes
  }

  /// All numbers of the picture: a row for each place along the width, a column for each series. Of several points of a
  /// series at one place, the last counts.
  public var table: ReportTable {
    let byX = series.map { series in
      Dictionary(series.ordered.map { ($0.x, $0.y) }, uniquingKeysWith: { _, last in last })
    }
    let places = Set(byX.flatMap(\.keys)).sorted()
    let isWhole = places.allSatisfy { $0 == $0.rounded() }
    let rows = places.map { x in
      let numbers = byX.map { points in
        points[x].flatMap { $0.isNumber ? ReportTable.Cell.number($0) : nil } ?? .missing
      }
      return ReportTable.Row([.number(Estimate(x))] + numbers)
    }
    let first = ReportTable.Column(along, .number(decimals: isWhole ? 0 : 3))
    return ReportTable(title, columns: [first] + series.map { .init($0.name, quantity) }, rows: rows)
  }

  /// The rows that a page has room for, evenly spread, the first and the last among them.
  var shortTable: ReportTable {
    var table = table
    let (count, most) = (table.rows.count, 200)
    guard count > most else { return table }
    table.rows = (0..<most).map { table.rows[$0 * (count - 1) / (most - 1)] }
    table.notes = ["\(most) of \(count) rows; the chart's CSV has them all."]
    return table
  }
}
