import Foundation

/// Where a number lies with 95 % confidence.
public struct Interval: Sendable, Equatable {
  public var low: Double
  public var high: Double

  public init(low: Double, high: Double) {
    self.low = low
    self.high = high
  }

  /// Whether a value lies in the interval, its ends included.
  public func contains(_ value: Double) -> Bool { low <= value && value <= high }

  /// The normal distribution's 97.5 % point.
  static let normalQuantile = 1.959963984540054

  /// Wilson's score interval of a share (J. Am. Stat. Assoc. 22, 1927) without correction for continuity; nil where
  /// there is nothing to take a share of.
  ///
  /// It holds for items that are independent of each other; for items that share a recording see ``Bootstrap``.
  public static func wilson(right: Int, of count: Int) -> Interval? {
    guard count > 0, (0...count).contains(right) else { return nil }
    let (n, share, z) = (Double(count), Double(right) / Double(count), normalQuantile)
    let scale = 1 + z * z / n
    let centre = (share + z * z / (2 * n)) / scale
    let reach = z / scale * (share * (1 - share) / n + z * z / (4 * n * n)).squareRoot()
    // At the ends the formula gives 0 and 1, but for rounding.
    return Interval(
      low: right == 0 ? 0 : max(0, centre - reach), high: right == count ? 1 : min(1, centre + reach))
  }
}
