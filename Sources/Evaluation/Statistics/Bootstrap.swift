/// Intervals by drawing the items of a test again and again, with replacement (Efron, Ann. Stat. 7, 1979): the middle 95 %
/// of what the draws give.
///
/// Equal settings give equal numbers, on every machine.
public struct Bootstrap: Sendable, Equatable {
  /// More draws are not made.
  public static let mostDraws = 1_000_000

  public var draws: Int
  public var seed: UInt64

  public init(draws: Int = 10_000, seed: UInt64 = 0) {
    self.draws = min(max(draws, 1), Self.mostDraws)
    self.seed = seed
  }

  /// The interval of the mean of `values`, one an item; nil where there are none.
  public func mean(_ values: [Double]) -> Interval? {
    means(values).map { Self.middle($0) }
  }

  /// The interval of the mean over items that come in clusters, such as questions on one recording: whole clusters are
  /// drawn. `clusters` names that of each item.
  public func mean(_ values: [Double], clusters: [String]) -> Interval? {
    means(values, clusters: clusters).map { Self.middle($0) }
  }

  /// The interval of a ratio of sums, such as errors over words; nil where there are no items, or the denominators of
  /// some draw sum to 0.
  public func ratio(_ numerators: [Double], over denominators: [Double]) -> Interval? {
    ratios(numerators, denominators).map { Self.middle($0) }
  }

  /// The interval of any number that is computed from items, which `statistic` is given by their indices, one index as
  /// often as it was drawn: for corpus scores such as BLEU. Nil for no items.
  public func interval(items: Int, statistic: ([Int]) -> Double) -> Interval? {
    guard items > 0 else { return nil }
    var generator = SplitMix64(seed: seed)
    var drawn = [Int](repeating: 0, count: items)
    let results = (0..<draws).map { _ in
      Self.draw(items, &generator) { drawn[$0] = $1 }
      return statistic(drawn)
    }
    return Self.middle(results)
  }

  /// The mean in each draw.
  func means(_ values: [Double], clusters: [String]? = nil) -> [Double]? {
    guard let clusters else { return sums(values).map { $0.map { $0 / Double(values.count) } } }
    precondition(clusters.count == values.count, "every item has a cluster")
    var numbers: [String: Int] = [:]
    var (sums, counts): ([Double], [Double]) = ([], [])
    for (value, cluster) in zip(values, clusters) {
      let number = numbers[cluster] ?? sums.count
      if number == sums.count {
        numbers[cluster] = number
        sums.append(0)
        counts.append(0)
      }
      sums[number] += value
      counts[number] += 1
    }
    return ratios(sums, counts)
  }

  private func ratios(_ numerators: [Double], _ denominators: [Double]) -> [Double]? {
    precondition(numerators.count == denominators.count, "every item has a numerator and a denominator")
    // Equal seeds draw equal items.
    guard let above = sums(numerators), let below = sums(denominators), below.allSatisfy({ $0 != 0 }) else {
      return nil
    }
    return zip(above, below).map { $0 / $1 }
  }

  /// The sum of the drawn values in each draw.
  private func sums(_ values: [Double]) -> [Double]? {
    guard !values.isEmpty else { return nil }
    var generator = SplitMix64(seed: seed)
    return values.withUnsafeBufferPointer { values in
      (0..<draws).map { _ in
        var sum = 0.0
        Self.draw(values.count, &generator) { sum += values[$1] }
        return sum
      }
    }
  }

  /// Calls `body` with 0, 1, … and an index drawn from `count` for each.
  ///
  /// A random number gives two indices, of 32 bits each: how often an index comes differs by `count` in 2^32.
  @inline(__always)
  private static func draw(_ count: Int, _ generator: inout SplitMix64, _ body: (Int, Int) -> Void) {
    precondition(count <= Int(UInt32.max), "items are counted in 32 bits")
    let bound = UInt64(count)
    var place = 0
    while place < count {
      let random = generator.next()
      body(place, Int(((random >> 32) &* bound) >> 32))
      if place + 1 < count { body(place + 1, Int(((random & 0xFFFF_FFFF) &* bound) >> 32)) }
      place += 2
    }
  }

  /// The 2.5 % and 97.5 % points, interpolated between the nearest draws as numpy's default does.
  static func middle(_ draws: [Double]) -> Interval {
    let sorted = draws.sorted()
    func point(_ share: Double) -> Double {
      let place = share * Double(sorted.count - 1)
      let below = Int(place)
      let above = min(below + 1, sorted.count - 1)
      return sorted[below] + (sorted[above] - sorted[below]) * (place - Double(below))
    }
    return Interval(low: point(0.025), high: point(0.975))
  }
}
