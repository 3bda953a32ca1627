/// Groups of horizontal bars from 0, one group for each category, with intervals; baselines as dashed lines.
public struct BarChart: Sendable, Hashable {
  public struct Category: Sendable, Hashable {
    public var name: String
    /// In small print below the name, such as the number of items.
    public var note: String?
    /// One for each series; nil where there is none.
    public var values: [Estimate?]

    public init(_ name: String, note: String? = nil, values: [Estimate?]) {
      self.name = name
      self.note = note
      self.values = values
    }

    func value(_ series: Int) -> Estimate? {
      guard values.indices.contains(series), let value = values[series], value.isNumber else { return nil }
      return value
    }
  }

  /// A number to be above of: a baseline, or chance.
  public struct Reference: Sendable, Hashable {
    public var name: String
    /// One for each category.
    public var values: [Double?]
    /// Where `values` has none.
    public var everywhere: Double?

    public init(_ name: String, _ everywhere: Double) {
      self.name = name
      values = []
      self.everywhere = everywhere
    }

    public init(_ name: String, byCategory values: [Double?]) {
      self.name = name
      self.values = values
    }

    func value(_ category: Int) -> Double? {
      let value = (values.indices.contains(category) ? values[category] : nil) ?? everywhere
      return value.flatMap { Estimate.canBeDrawn($0) ? $0 : nil }
    }
  }

  public var title: String
  public var quantity: Quantity
  public var series: [String]
  public var categories: [Category]
  public var references: [Reference]
  public var notes: [String]

  public init(
    _ title: String, _ quantity: Quantity = .percent, series: [String], categories: [Category],
    references: [Reference] = [], notes: [String] = []
  ) {
    self.title = title
    self.quantity = quantity
    self.series = series
    self.categories = categories
    self.references = references
    self.notes = notes
  }

  /// All numbers of the picture.
  public var table: ReportTable {
    let hasNotes = categories.contains { $0.note != nil }
    let columns =
      [ReportTable.Column("Category")] + (hasNotes ? [ReportTable.Column("Of")] : [])
      + (series + references.map(\.name)).map { ReportTable.Column($0, quantity) }
    let rows = categories.enumerated().map { place, category in
      let note: [ReportTable.Cell] = hasNotes ? [category.note.map { .text($0) } ?? .missing] : []
      let values = series.indices.map { category.value($0).map { ReportTable.Cell.number($0) } ?? .missing }
      let baselines = references.map { $0.value(place).map { ReportTable.Cell.number(Estimate($0)) } ?? .missing }
      return ReportTable.Row([.text(category.name)] + note + values + baselines)
    }
    return ReportTable(title, columns: columns, rows: rows)
  }
}
