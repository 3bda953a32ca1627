import Foundation

extension TextScores.Section {
  /// For people: a row for all items, then one for each value of an attribute.
  public var grid: TextGrid {
    let names = total.scores.map(\.name)
    let withUnread = total.unread > 0
    var grid = TextGrid(
      ["", "n"] + names + ["unanswered"] + (withUnread ? ["unread"] : []), numeric: Set(1..<(4 + names.count)))
    func add(_ label: String, _ row: TextScores.Row) {
      let scores = names.map { name in row.scores.first { $0.name == name }?.text ?? "" }
      grid.add(
        [label, String(row.items)] + scores + [String(row.unanswered)] + (withUnread ? [String(row.unread)] : []))
    }
    add("all", total)
    for group in groups { for row in group.rows { add("\(group.attribute): \(row.value)", row) } }
    return grid
  }

  /// Which labels were told for which: a row for each class of the truth, a column for each label told. Nil for
  /// measures without labels.
  public var confusionGrid: TextGrid? {
    guard !confusion.isEmpty else { return nil }
    let told = Set(confusion.map(\.prediction)).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    var grid = TextGrid(["right \\ told"] + told.map { $0.isEmpty ? "(none)" : $0 }, numeric: Set(1...told.count))
    var truths: [String] = []
    for cell in confusion where truths.last.map({ !isSame($0, cell.truth) }) ?? true { truths.append(cell.truth) }
    for truth in truths {
      let counts = told.map { label in
        confusion.first { isSame($0.truth, truth) && isSame($0.prediction, label) }?.count ?? 0
      }
      grid.add([truth] + counts.map(String.init))
    }
    return grid
  }
}

extension TextScores.Score {
  /// As tables show it.
  public var text: String {
    switch unit {
    case .share: percent(value, interval)
    case .points: percent(value / 100, interval.map { Interval(low: $0.low / 100, high: $0.high / 100) })
    case .seconds:
      interval.map { String(format: "%.3f (%.3f-%.3f) s", value, $0.low, $0.high) } ?? String(format: "%.3f s", value)
    }
  }
}
