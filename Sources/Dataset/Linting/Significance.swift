import Foundation

/// How probable counts as far from chance as these are by chance.
enum Significance {
  /// Of a chi-square statistic at least this large: the upper regularised incomplete gamma function Q(k/2, x/2), by its
  /// series below x = k + 2 and by Lentz's continued fraction above, as in Numerical Recipes (section 6.2), with at most
  /// 500 terms.
  static func chiSquare(_ statistic: Double, degrees: Int) -> Double {
    guard degrees > 0, statistic > 0 else { return 1 }
    let (a, x) = (Double(degrees) / 2, statistic / 2)
    let front = exp(-x + a * log(x) - lgamma(a))
    return min(1, max(0, x < a + 1 ? 1 - front * series(a, x) : front * fraction(a, x)))
  }

  private static func series(_ a: Double, _ x: Double) -> Double {
    var (term, sum) = (1 / a, 1 / a)
    for step in 1...500 {
      term *= x / (a + Double(step))
      sum += term
      if term < sum * 1e-15 { break }
    }
    return sum
  }

  private static func fraction(_ a: Double, _ x: Double) -> Double {
    var b = x + 1 - a
    var c = 1e300
    var d = 1 / b
    var result = d
    for step in 1...500 {
      let n = Double(step)
      let an = -n * (n - a)
      b += 2
      d = 1 / nonZero(an * d + b)
      c = nonZero(b + an / c)
      result *= d * c
      if abs(d * c - 1) < 1e-15 { break }
    }
    return result
  }

  private static func nonZero(_ value: Double) -> Double { abs(value) < 1e-300 ? 1e-300 : value }

  /// Of a sum of independent hits at least this far from its expectation, on either side: the normal approximation.
  static func hits(_ observed: Double, expected: Double, variance: Double) -> Double {
    guard variance > 0 else { return observed == expected ? 1 : 0 }
    return erfc(abs(observed - expected) / variance.squareRoot() / 2.0.squareRoot())
  }
}
