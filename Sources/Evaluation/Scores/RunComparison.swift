/// Two runs on the same items, by one rule.
public struct RunComparison: Sendable, Equatable {
  public var rule: AnswerRule
  /// Items that both runs were asked.
  public var items: Int
  /// The mean score of each run on these items, 0...1.
  public var first: Double
  public var second: Double
  public var bothRight: Int
  public var onlyFirst: Int
  public var onlySecond: Int
  public var bothWrong: Int
  /// The first run's less the second's, with its interval.
  public var difference: PairedDifference
  /// McNemar's; nil where an item was asked in several orders, so that it is neither right nor wrong.
  public var pValue: Double?
  /// Items that only one run was asked; they do not count.
  public var unpairedFirst: Int
  public var unpairedSecond: Int

  /// Nil where the runs share no item. `recordings` names what an item's sound was cut from, by the item's id; where
  /// it is given, items of one recording are drawn together.
  public init?(
    _ first: [Answered], _ second: [Answered], by rule: AnswerRule, recordings: [String: String]? = nil,
    bootstrap: Bootstrap = Bootstrap()
  ) {
    let others = Dictionary(second.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    let pairs = first.compactMap { one in others[one.id].map { (one, $0) } }
    let scores = (first: pairs.map { $0.0.score(rule) }, second: pairs.map { $0.1.score(rule) })
    let clusters = recordings.map { recordings in pairs.map { recordings[$0.0.id].map { "r" + $0 } ?? "i" + $0.0.id } }
    guard
      let difference = PairedDifference(scores.first, scores.second, clusters: clusters, bootstrap: bootstrap)
    else { return nil }
    self.rule = rule
    self.difference = difference
    items = pairs.count
    self.first = scores.first.reduce(0, +) / Double(items)
    self.second = scores.second.reduce(0, +) / Double(items)
    func count(_ one: Bool, _ other: Bool) -> Int {
      zip(scores.first, scores.second).count { ($0 == 1) == one && ($1 == 1) == other }
    }
    (bothRight, onlyFirst) = (count(true, true), count(true, false))
    (onlySecond, bothWrong) = (count(false, true), count(false, false))
    let isOneOrder = pairs.allSatisfy { $0.0.answers.count == 1 && $0.1.answers.count == 1 }
    pValue = isOneOrder ? McNemar.pValue(onlyFirst: onlyFirst, onlySecond: onlySecond) : nil
    (unpairedFirst, unpairedSecond) = (first.count - items, second.count - items)
  }
}
