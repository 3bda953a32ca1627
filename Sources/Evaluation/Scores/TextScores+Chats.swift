public import Dataset

/// The scores that a judge gives open answers, from 1 to 10, as AIR-Bench's chat part counts them: the mean of both
/// orders for each item, then over the items.
public struct ChatScores: Sendable, Equatable {
  /// Some items.
  public struct Row: Sendable, Equatable {
    /// Nil for all items.
    public var attribute: String?
    public var value: String?
    /// Items that have a verdict that could be read.
    public var items: Int
    /// Mean scores of the answers and of the references.
    public var answer: Double
    public var interval: Interval
    public var reference: Double
  }

  /// All items first. Empty where no verdict could be read.
  public let rows: [Row]
  public let verdicts: Int
  /// Verdicts in which no two scores can be read; left out.
  public let unread: Int
  /// Items of which no verdict can be read, or that none was asked for; in no row.
  public let unscored: Int

  /// Scores verdicts by the item's id. AIR-Bench's mixed domain is the mean of its two tasks, each counting the same;
  /// its rows are those of the attributes `domain` and `task`, where items have them.
  public init(
    _ items: [BenchmarkItem], verdicts: [String: [AnswerLine.Verdict]], bootstrap: Bootstrap = Bootstrap()
  ) {
    let chats = items.filter { $0.kind == .openChat }
    let all = chats.flatMap { verdicts[$0.id] ?? [] }
    let judged = chats.compactMap { item in Judged(item, verdicts[item.id] ?? []) }
    var rows = Row(judged, bootstrap).map { [$0] } ?? []
    for name in ["domain", "task"] {
      let parts = Dictionary(grouping: judged) { $0.item.attribute(name) }
      for value in parts.keys.compactMap({ $0 }).sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
        let part = parts[value] ?? []
        guard var row = Row(part, bootstrap) else { continue }
        (row.attribute, row.value) = (name, value)
        if name == "domain", value == "mixed" { row.balance(part, bootstrap) }
        rows.append(row)
      }
    }
    self.rows = rows
    self.verdicts = all.count
    unread = all.count { $0.scores?.count != 2 }
    unscored = chats.count - judged.count
  }

  /// For people.
  public var grid: TextGrid {
    var grid = TextGrid(["", "n", "answer", "95 % interval", "reference"], numeric: [1, 2, 3, 4])
    for row in rows {
      grid.add([
        row.attribute.map { "\($0): \(row.value ?? "")" } ?? "all", String(row.items), fixed(row.answer),
        "\(fixed(row.interval.low))-\(fixed(row.interval.high))", fixed(row.reference),
      ])
    }
    return grid
  }
}

/// An item with the means of its verdicts.
private struct Judged {
  var item: BenchmarkItem
  var answer: Double
  var reference: Double

  init?(_ item: BenchmarkItem, _ verdicts: [AnswerLine.Verdict]) {
    let scores = verdicts.compactMap(\.scores).filter { $0.count == 2 }
    guard !scores.isEmpty else { return nil }
    self.item = item
    reference = scores.reduce(0) { $0 + $1[0] } / Double(scores.count)
    answer = scores.reduce(0) { $0 + $1[1] } / Double(scores.count)
  }
}

extension ChatScores.Row {
  fileprivate init?(_ judged: [Judged], _ bootstrap: Bootstrap) {
    guard let interval = bootstrap.mean(judged.map(\.answer)) else { return nil }
    items = judged.count
    answer = judged.reduce(0) { $0 + $1.answer } / Double(judged.count)
    reference = judged.reduce(0) { $0 + $1.reference } / Double(judged.count)
    self.interval = interval
  }

  /// Has each task count the same, whatever its items.
  fileprivate mutating func balance(_ judged: [Judged], _ bootstrap: Bootstrap) {
    let sizes = Dictionary(grouping: judged) { $0.item.attribute("task") ?? "" }.mapValues(\.count)
    let weights = judged.map { 1 / Double(sizes[$0.item.attribute("task") ?? ""] ?? 1) }
    let total = weights.reduce(0, +)
    answer = zip(weights, judged).reduce(0) { $0 + $1.0 * $1.1.answer } / total
    reference = zip(weights, judged).reduce(0) { $0 + $1.0 * $1.1.reference } / total
    interval = bootstrap.ratio(zip(weights, judged).map { $0 * $1.answer }, over: weights) ?? interval
  }
}
