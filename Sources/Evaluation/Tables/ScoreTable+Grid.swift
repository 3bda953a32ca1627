extension ScoreTable {
  /// For people: a row for all items, the baselines below it, then a row for each value of an attribute. Shares are in
  /// percent, with their 95 % intervals; what is unanswered, undecided or unscored counts as wrong in them.
  public var grid: TextGrid { grid(first: nil) }

  /// The same with `rule` before the others, where it is one of them.
  func grid(first rule: AnswerRule?) -> TextGrid {
    let rules = settings.rules.filter { $0 == rule } + settings.rules.filter { $0 != rule }
    let published = rules.filter { rule in total?.score(rule).map { $0.unscored > 0 } ?? false }
    var grid = TextGrid(
      ["", "n"] + rules.map(\.rawValue) + ["unanswered", "undecided"]
        + published.map { "unscored by \($0.rawValue)" },
      numeric: Set(1..<(4 + rules.count + published.count)))
    guard let total else { return grid }
    grid.add(["all"] + total.cells(rules, published))
    for baseline in total.baselines.named(position: mostFrequentPosition) {
      grid.add([baseline.name, ""] + rules.map { _ in percent(baseline.share) })
    }
    for group in groups {
      for row in group.rows { grid.add(["\(group.attribute): \(row.value)"] + row.cells(rules, published)) }
    }
    return grid
  }
}

extension ChoiceBaselines {
  /// The baselines as tables list them. `position` is that of the most frequent place, from 0.
  public func named(position: Int) -> [(name: String, share: Double)] {
    [
      ("always first", first), ("longest choice", longest),
      ("most frequent place (\(position + 1))", mostFrequentPosition), ("random", random),
    ]
  }
}

extension ScoreRow {
  fileprivate func cells(_ rules: [AnswerRule], _ published: [AnswerRule]) -> [String] {
    [String(items)] + rules.map { score($0).map { percent($0.share, $0.interval) } ?? "" } + [
      String(unanswered), String(undecided),
    ]
      + published.map { String(score($0)?.unscored ?? 0) }
  }
}
