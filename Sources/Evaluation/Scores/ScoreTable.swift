public import Dataset

/// The scores of a run on a test set of choices: of all items, and by each attribute, by every rule side by side.
public struct ScoreTable: Sendable, Equatable {
  /// What is counted, and how.
  public struct Settings: Sendable, Equatable {
    public enum Intervals: String, Sendable, CaseIterable {
      /// Items are independent: Wilson's interval, or the bootstrap's where items have parts of a point.
      case byItem = "item"
      /// Items of one recording are drawn together, by the bootstrap.
      case byRecording = "recording"
    }

    /// In the order of the columns.
    public var rules: [AnswerRule]
    /// In the order of the groups; nil for all that items have, in the order in which they first come.
    public var attributes: [String]?
    public var intervals: Intervals
    public var bootstrap: Bootstrap

    public init(
      rules: [AnswerRule] = AnswerRule.allCases, attributes: [String]? = nil, intervals: Intervals = .byItem,
      bootstrap: Bootstrap = Bootstrap()
    ) {
      self.rules = rules
      self.attributes = attributes
      self.intervals = intervals
      self.bootstrap = bootstrap
    }
  }

  /// The rows of one attribute.
  public struct Group: Sendable, Equatable {
    public var attribute: String
    /// By value. Items without the attribute are in none.
    public var rows: [ScoreRow]
  }

  struct Pair {
    var item: BenchmarkItem
    var answered: Answered
  }

  public let settings: Settings
  /// Nil where there is nothing to score.
  public let total: ScoreRow?
  public let groups: [Group]
  /// Ids of items that were never asked, such as those without their sound; in no row.
  public let unasked: [String]
  /// Items that have no choices, or whose answer is withheld; in no row.
  public let unscorable: Int
  /// The place that the baseline of the most frequent position takes, from 0.
  public let mostFrequentPosition: Int

  /// Scores `answered`, of which there is at most one for each item.
  public init(_ items: [BenchmarkItem], _ answered: [Answered], _ settings: Settings = Settings()) {
    let byID = Dictionary(answered.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    let known = items.filter { $0.answerIndex != nil }
    let pairs = known.compactMap { item in byID[item.id].map { Pair(item: item, answered: $0) } }
    let position = ChoiceBaselines.mostFrequentPosition(known)
    self.settings = settings
    unscorable = items.count - known.count
    unasked = known.map(\.id).filter { byID[$0] == nil }
    mostFrequentPosition = position
    total = ScoreRow(value: "", pairs, position: position, settings)
    groups = (settings.attributes ?? Self.attributes(known)).map { name in
      let parts = Dictionary(grouping: pairs) { $0.item.attribute(name) }
      let values = parts.keys.compactMap { $0 }.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
      let rows = values.compactMap { ScoreRow(value: $0, parts[$0] ?? [], position: position, settings) }
      return Group(attribute: name, rows: rows)
    }
  }

  /// The row of an attribute's value.
  public func row(_ attribute: String, _ value: String) -> ScoreRow? {
    groups.first { $0.attribute == attribute }?.rows.first { $0.value == value }
  }

  private static func attributes(_ items: [BenchmarkItem]) -> [String] {
    var seen = Set<String>()
    return items.lazy.flatMap(\.attributes).map(\.name).filter { seen.insert($0).inserted }
  }
}
