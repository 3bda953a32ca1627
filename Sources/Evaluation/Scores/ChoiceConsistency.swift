/// Whether the same choices are meant in whatever order they are shown.
public struct ChoiceConsistency: Sendable, Equatable {
  /// Items that were asked in two orders or more; the others do not count.
  public var items: Int
  /// The share of the items of which one choice was meant in all orders.
  public var same: Double
  /// That of `same`.
  public var interval: Interval
  /// The mean over the items of the share of pairs of orders in which one choice was meant.
  public var agreement: Double
  /// By place shown, how often it was meant: a model that listens has no favourite.
  public var positions: [Int]
  /// Answers of which no choice can be told; they agree with none.
  public var undecided: Int

  /// Nil where no item was asked in two orders.
  public init?(_ answered: [Answered]) {
    let several = answered.filter { $0.answers.count > 1 }
    let agreements = several.map { Self.agreement($0.answers.map(\.chosen)) }
    let allSame = agreements.count { $0 == 1 }
    guard let interval = Interval.wilson(right: allSame, of: several.count) else { return nil }
    self.interval = interval
    items = several.count
    same = Double(allSame) / Double(items)
    agreement = agreements.reduce(0, +) / Double(items)
    let answers = several.flatMap(\.answers)
    undecided = answers.count { $0.chosen == nil }
    positions = Self.positions(answers)
  }

  /// The share of items that are right in all of their orders by a rule; 0 for none.
  public static func rightInAllOrders(_ answered: [Answered], by rule: AnswerRule) -> Double {
    answered.isEmpty ? 0 : Double(answered.count { $0.score(rule) == 1 }) / Double(answered.count)
  }

  private static func agreement(_ chosen: [Int?]) -> Double {
    let pairs = chosen.count * (chosen.count - 1) / 2
    let counts = Dictionary(grouping: chosen.compactMap { $0 }, by: { $0 }).values.map(\.count)
    return Double(counts.reduce(0) { $0 + $1 * ($1 - 1) / 2 }) / Double(pairs)
  }

  private static func positions(_ answers: [Answered.Answer]) -> [Int] {
    var positions = [Int](repeating: 0, count: answers.map(\.order.places.count).max() ?? 0)
    for answer in answers {
      if let place = answer.chosen.flatMap(answer.order.placeShown) { positions[place] += 1 }
    }
    return positions
  }
}
