import Foundation

/// How much two runs differ on the same items.
public struct PairedDifference: Sendable, Equatable {
  /// The first run's mean less the second's.
  public var difference: Double
  public var interval: Interval
  /// Twice the share of draws on the far side of no difference, at most 1; never 0, as a draw more could always lie
  /// there. Two-sided.
  public var pValue: Double

  /// Compares two scores for each item; `clusters` names each item's, where items are not independent. Nil where there
  /// are no items.
  public init?(_ first: [Double], _ second: [Double], clusters: [String]? = nil, bootstrap: Bootstrap = Bootstrap()) {
    precondition(first.count == second.count, "every item has a score in both runs")
    let differences = zip(first, second).map { $0 - $1 }
    guard let means = bootstrap.means(differences, clusters: clusters) else { return nil }
    difference = differences.reduce(0, +) / Double(differences.count)
    interval = Bootstrap.middle(means)
    let total = Double(means.count + 1)
    let (below, above) = (means.count { $0 <= 0 }, means.count { $0 >= 0 })
    pValue = min(1, 2 * Double(min(below, above) + 1) / total)
  }
}

/// McNemar's exact test (Psychometrika 12, 1947) of two runs on the same items: under the hypothesis that neither is
/// better, an item that only one run has right is as often the first's as the second's.
public enum McNemar {
  /// The two-sided probability of counts as uneven as these: `onlyFirst` items that only the first run has right, and
  /// `onlySecond`. 1 where there are none.
  public static func pValue(onlyFirst: Int, onlySecond: Int) -> Double {
    precondition(onlyFirst >= 0 && onlySecond >= 0, "counts are not negative")
    let count = onlyFirst + onlySecond
    guard count > 0 else { return 1 }
    let fewer = min(onlyFirst, onlySecond)
    // The largest term by logarithms, the rest from it, so that thousands of items neither overflow nor vanish.
    let last = lgamma(Double(count + 1)) - lgamma(Double(fewer + 1)) - lgamma(Double(count - fewer + 1))
    var (sum, term) = (1.0, 1.0)
    for smaller in stride(from: fewer, to: 0, by: -1) where term > sum * 1e-18 {
      term *= Double(smaller) / Double(count - smaller + 1)
      sum += term
    }
    return min(1, 2 * exp(last - Double(count) * log(2) + log(sum)))
  }
}
