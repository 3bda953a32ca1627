import Dataset

/// The scores of some items: of all, or of those with one value of an attribute.
public struct ScoreRow: Sendable, Equatable {
  /// What one rule says of them.
  public struct RuleScore: Sendable, Equatable {
    public var rule: AnswerRule
    /// Answers that are right, over all orders.
    public var right: Int
    /// Answers that the benchmark's own script leaves out.
    public var unscored: Int
    /// The mean over the items of the share of their orders that is right; what is unscored or unanswered is wrong.
    public var share: Double
    /// That of `share`.
    public var interval: Interval
    /// As the benchmark's own script counts: the right ones among those it scores. Nil for a rule that is no
    /// benchmark's, and where it scores none.
    public var publishedShare: Double?
  }

  /// The attribute's value; empty for all items.
  public var value: String
  public var items: Int
  /// One for each order of each item.
  public var answers: Int
  /// Answers that say nothing, or never came.
  public var unanswered: Int
  /// Answers that say something of which no choice can be told.
  public var undecided: Int
  /// In the order of the table's rules.
  public var scores: [RuleScore]
  public var baselines: ChoiceBaselines

  /// The score by a rule; nil for one that the table does not have.
  public func score(_ rule: AnswerRule) -> RuleScore? { scores.first { $0.rule == rule } }
}

extension ScoreRow {
  /// Nil for no pairs. The items have known answers.
  init?(value: String, _ pairs: [ScoreTable.Pair], position: Int, _ settings: ScoreTable.Settings) {
    guard let baselines = ChoiceBaselines(pairs.map(\.item), position: position) else { return nil }
    let answers = pairs.flatMap(\.answered.answers)
    self.value = value
    items = pairs.count
    self.answers = answers.count
    unanswered = answers.count(where: \.isUnanswered)
    undecided = answers.count { !$0.isUnanswered && $0.chosen == nil }
    self.baselines = baselines
    scores = settings.rules.map { RuleScore($0, pairs, answers, settings) }
  }
}

extension ScoreRow.RuleScore {
  fileprivate init(
    _ rule: AnswerRule, _ pairs: [ScoreTable.Pair], _ answers: [Answered.Answer], _ settings: ScoreTable.Settings
  ) {
    self.rule = rule
    right = answers.count { $0.marks[rule] == .right }
    unscored = answers.count { $0.marks[rule] == .unscored }
    let shares = pairs.map { $0.answered.score(rule) }
    share = shares.reduce(0, +) / Double(shares.count)
    interval = Self.interval(shares, pairs, settings) ?? Interval(low: 0, high: 1)
    let scored = answers.count - unscored
    publishedShare = rule.isPublished && scored > 0 ? Double(right) / Double(scored) : nil
  }

  private static func interval(
    _ shares: [Double], _ pairs: [ScoreTable.Pair], _ settings: ScoreTable.Settings
  ) -> Interval? {
    switch settings.intervals {
    case .byRecording:
      // An item of no known recording is one by itself; the mark keeps its id from being taken for a recording.
      let clusters = pairs.map { pair in pair.item.recording.map { "r" + $0 } ?? "i" + pair.item.id }
      return settings.bootstrap.mean(shares, clusters: clusters)
    case .byItem where shares.allSatisfy { $0 == 0 || $0 == 1 }:
      return Interval.wilson(right: shares.count { $0 == 1 }, of: shares.count)
    case .byItem: return settings.bootstrap.mean(shares)
    }
  }
}
