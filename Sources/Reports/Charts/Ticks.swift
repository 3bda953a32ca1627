import Foundation

/// Round numbers along an axis: multiples of 1, 2, 2.5 or 5 times a power of ten.
struct Ticks: Sendable, Hashable {
  let values: [Double]
  let labels: [String]
  let step: Double

  /// The round numbers in a range, `most` or fewer where that is possible (two where not).
  init(in range: ClosedRange<Double>, most: Int, wholeOnly: Bool = false) {
    let reach = Self.widened(range)
    let (mantissa, exponent) = Self.step(
      atLeast: (reach.upperBound - reach.lowerBound) / Double(max(most - 1, 1)), wholeOnly: wholeOnly)
    let step = mantissa * pow(10, Double(exponent))
    // The quotients are at most 10 to the 13th: a widened range is no thinner than that.
    let first = (reach.lowerBound / step - 1e-9).rounded(.up)
    let last = (reach.upperBound / step + 1e-9).rounded(.down)
    let count = max(0, min(Int(last - first) + 1, 100))
    let values = (0..<count).map { (first + Double($0)) * mantissa * pow(10, Double(exponent)) }
    self.step = step
    self.values = values
    labels = Self.labels(values, mantissa: mantissa, exponent: exponent)
  }

  /// The least range of whole steps that holds `range`, with its ticks.
  static func rounding(_ range: ClosedRange<Double>, most: Int, wholeOnly: Bool = false) -> (
    range: ClosedRange<Double>, ticks: Ticks
  ) {
    let reach = widened(range)
    let step = Ticks(in: reach, most: most, wholeOnly: wholeOnly).step
    let low = (reach.lowerBound / step + 1e-9).rounded(.down) * step
    let high = (reach.upperBound / step - 1e-9).rounded(.up) * step
    // A step more on either side must not make the ticks coarser.
    return (low...high, Ticks(in: low...high, most: Int((high - low) / step + 0.5) + 1, wholeOnly: wholeOnly))
  }

  /// A range that is wide enough to have an axis.
  static func widened(_ range: ClosedRange<Double>) -> ClosedRange<Double> {
    let size = max(range.lowerBound.magnitude, range.upperBound.magnitude)
    let isNone = size < 1e-90
    guard isNone || range.upperBound - range.lowerBound <= size * 1e-9 else { return range }
    let reach = isNone ? 1 : size * 0.1
    return (range.lowerBound - reach)...(range.upperBound + reach)
  }

  private static func step(atLeast rough: Double, wholeOnly: Bool) -> (mantissa: Double, exponent: Int) {
    var exponent = Int(log10(rough).rounded(.down))
    // Rounded numbers such as 0.2 - 0.1 must not push the step to the next size.
    let needed = rough / pow(10, Double(exponent)) * (1 - 1e-9)
    var mantissa = [1, 2, 2.5, 5].first { $0 >= needed } ?? 10
    if mantissa == 10 { (mantissa, exponent) = (1, exponent + 1) }
    if wholeOnly, exponent < 0 { (mantissa, exponent) = (1, 0) }
    if wholeOnly, exponent == 0, mantissa == 2.5 { mantissa = 5 }
    return (mantissa, exponent)
  }

  private static func labels(_ values: [Double], mantissa: Double, exponent: Int) -> [String] {
    let size = values.map(\.magnitude).max() ?? 0
    let step = mantissa * pow(10, Double(exponent))
    if exponent < -5 || (size >= 1e7 && step >= size / 1000) { return values.map(Decimals.scientific) }
    let decimals = max(0, -exponent + (mantissa == 2.5 ? 1 : 0))
    return values.map { Decimals.fixed($0, decimals) }
  }
}
