public import Dataset

/// What is right without listening or reading: the shares that any score has to be compared with.
public struct ChoiceBaselines: Sendable, Equatable {
  /// Always the first choice.
  public var first: Double
  /// The choice with most characters (code points), the first of those of equal length.
  public var longest: Double
  /// The place that is right most often in the whole set, which nobody can know beforehand.
  public var mostFrequentPosition: Double
  /// What choosing at random has on average.
  public var random: Double

  /// The baselines of items that have choices and a known answer; nil where there are none. `position` is the place
  /// that ``mostFrequentPosition(_:)`` gives for the whole set.
  public init?(_ items: [BenchmarkItem], position: Int) {
    let known = items.compactMap { item in item.answerIndex.map { (choices: item.choices, answer: item.choices[$0]) } }
    guard !known.isEmpty else { return nil }
    func share(_ pick: ([String]) -> String?) -> Double {
      let right = known.count { item in pick(item.choices).map { isSame($0, item.answer) } ?? false }
      return Double(right) / Double(known.count)
    }
    first = share(\.first)
    longest = share(Self.longest)
    mostFrequentPosition = share { $0.indices.contains(position) ? $0[position] : nil }
    let chances = known.map { item in
      Double(item.choices.count { isSame($0, item.answer) }) / Double(item.choices.count)
    }
    random = chances.reduce(0, +) / Double(known.count)
  }

  /// The place that is right most often, the first of those that are equally often; 0 where no answer is known.
  public static func mostFrequentPosition(_ items: [BenchmarkItem]) -> Int {
    var counts: [Int] = []
    for place in items.compactMap(\.answerIndex) {
      while counts.count <= place { counts.append(0) }
      counts[place] += 1
    }
    return counts.indices.max { (counts[$0], $1) < (counts[$1], $0) } ?? 0
  }

  private static func longest(_ choices: [String]) -> String? {
    let lengths = choices.map(\.unicodeScalars.count)
    return lengths.indices.max { (lengths[$0], $1) < (lengths[$1], $0) }.map { choices[$0] }
  }
}
