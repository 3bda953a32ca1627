/// Two runs on the same items: by every rule, of all items and by each attribute.
public struct ComparisonTable: Sendable, Equatable {
  /// Some items, by every rule.
  public struct Row: Sendable, Equatable {
    /// Nil for all items.
    public var attribute: String?
    public var value: String?
    /// In the order of the rules.
    public var comparisons: [RunComparison]
  }

  /// All items first, then each attribute's values in order.
  public let rows: [Row]
  /// Whether items of one recording were drawn together.
  public let isByRecording: Bool

  /// Nil where the runs share no item that rules mark. Items of one recording are drawn together where lines name it.
  public init?(
    _ first: [AnswerLine], _ second: [AnswerLine], rules: [AnswerRule] = AnswerRule.allCases,
    attributes: [String]? = nil, bootstrap: Bootstrap = Bootstrap()
  ) {
    let (ones, others) = (first.compactMap(\.answered), second.compactMap(\.answered))
    let named = first.compactMap { line in line.recording.map { (line.id, $0) } }
    let recordings = Dictionary(named, uniquingKeysWith: { first, _ in first })
    func row(_ attribute: String?, _ value: String?, _ part: Set<String>?) -> Row? {
      let (one, other) = (
        ones.filter { part?.contains($0.id) ?? true }, others.filter { part?.contains($0.id) ?? true }
      )
      let comparisons = rules.compactMap { rule in
        RunComparison(
          one, other, by: rule, recordings: recordings.isEmpty ? nil : recordings, bootstrap: bootstrap)
      }
      return comparisons.isEmpty ? nil : Row(attribute: attribute, value: value, comparisons: comparisons)
    }
    guard let total = row(nil, nil, nil) else { return nil }
    var rows = [total]
    for (name, values) in Self.groups(first, attributes) {
      for (value, ids) in values { row(name, value, ids).map { rows.append($0) } }
    }
    self.rows = rows
    isByRecording = !recordings.isEmpty
  }

  /// The ids by value of each attribute, both by name.
  private static func groups(
    _ lines: [AnswerLine], _ attributes: [String]?
  ) -> [(name: String, values: [(value: String, ids: Set<String>)])] {
    var ids: [String: [String: Set<String>]] = [:]
    for line in lines {
      for (name, value) in line.attributes ?? [:] { ids[name, default: [:]][value, default: []].insert(line.id) }
    }
    return (attributes ?? ids.keys.sorted()).map { name in
      (name, (ids[name] ?? [:]).sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
    }
  }

  /// For people: a row for each group and rule, shares and differences in percent points.
  public var grid: TextGrid {
    var grid = TextGrid(
      ["", "rule", "n", "first", "second", "difference", "p", "both right", "only first", "only second", "both wrong"],
      numeric: Set(2...10))
    for row in rows {
      for (place, one) in row.comparisons.enumerated() {
        let name = row.attribute.map { "\($0): \(row.value ?? "")" } ?? "all"
        grid.add([
          place == 0 ? name : "", one.rule.rawValue, String(one.items), percent(one.first), percent(one.second),
          points(one.difference.difference, one.difference.interval), probability(one.pValue ?? one.difference.pValue),
          String(one.bothRight), String(one.onlyFirst), String(one.onlySecond), String(one.bothWrong),
        ])
      }
    }
    return grid
  }

  public var records: [ComparisonRecord] {
    rows.flatMap { row in row.comparisons.map { ComparisonRecord(row, $0) } }
  }
}

/// One comparison, for programs. Nothing is rounded.
public struct ComparisonRecord: Sendable, Equatable, Encodable {
  public var attribute: String?
  public var value: String?
  public var rule: String
  public var items: Int
  public var first: Double
  public var second: Double
  /// The first less the second, with the ends of its 95 % interval.
  public var difference: Double
  public var low: Double
  public var high: Double
  public var bootstrapP: Double
  /// Nil where items were asked in several orders.
  public var mcnemarP: Double?
  public var bothRight: Int
  public var onlyFirst: Int
  public var onlySecond: Int
  public var bothWrong: Int
  /// Items that only one of the runs was asked.
  public var unpairedFirst: Int
  public var unpairedSecond: Int

  fileprivate init(_ row: ComparisonTable.Row, _ one: RunComparison) {
    attribute = row.attribute
    value = row.value
    rule = one.rule.rawValue
    items = one.items
    (first, second) = (one.first, one.second)
    difference = one.difference.difference
    (low, high) = (one.difference.interval.low, one.difference.interval.high)
    bootstrapP = one.difference.pValue
    mcnemarP = one.pValue
    (bothRight, onlyFirst, onlySecond, bothWrong) = (one.bothRight, one.onlyFirst, one.onlySecond, one.bothWrong)
    (unpairedFirst, unpairedSecond) = (one.unpairedFirst, one.unpairedSecond)
  }
}

extension TextGrid {
  /// A row for each record.
  public init(_ records: [ComparisonRecord]) {
    self.init(
      [
        "attribute", "value", "rule", "items", "first", "second", "difference", "low", "high", "bootstrap_p",
        "mcnemar_p", "both_right", "only_first", "only_second", "both_wrong", "unpaired_first", "unpaired_second",
      ], numeric: Set(3...16))
    for one in records {
      let numbers = [one.first, one.second, one.difference, one.low, one.high, one.bootstrapP].map { "\($0)" }
      let counts = [
        one.bothRight, one.onlyFirst, one.onlySecond, one.bothWrong, one.unpairedFirst, one.unpairedSecond,
      ].map(String.init)
      add(
        [one.attribute ?? "", one.value ?? "", one.rule, String(one.items)] + numbers
          + [one.mcnemarP.map { "\($0)" } ?? ""] + counts)
    }
  }
}
