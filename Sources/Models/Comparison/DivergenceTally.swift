import Foundation
import Tensors

/// Adds up the differences between pairs of distributions.
struct DivergenceTally {
  private var divergences: [Double] = []
  private var agreements = 0
  private var probabilityDifference = 0.0

  /// Adds one position; both rows hold logarithms of probabilities, `token` is the one that came next.
  mutating func add(
    _ reference: Slice<UnsafeBufferPointer<Float>>, _ other: Slice<UnsafeBufferPointer<Float>>, token: Int
  ) {
    var divergence = 0.0
    var best = (reference: reference.startIndex, other: other.startIndex)
    for (index, otherIndex) in zip(reference.indices, other.indices) {
      let logarithm = reference[index]
      // Below e^-30 a token's share of the sum is lost in rounding.
      if logarithm > -30 { divergence += exp(Double(logarithm)) * Double(logarithm - other[otherIndex]) }
      if logarithm > reference[best.reference] { best.reference = index }
      if other[otherIndex] > other[best.other] { best.other = otherIndex }
    }
    divergences.append(max(0, divergence))
    if best.reference - reference.startIndex == best.other - other.startIndex { agreements += 1 }
    probabilityDifference += abs(
      exp(Double(reference[reference.startIndex + token])) - exp(Double(other[other.startIndex + token])))
  }

  func comparison(format: WeightFormat) -> WeightComparison {
    let sorted = divergences.sorted()
    let count = Double(max(1, sorted.count))
    return WeightComparison(
      format: format, positions: sorted.count, meanDivergence: sorted.reduce(0, +) / count,
      highDivergence: sorted.isEmpty ? 0 : sorted[min(sorted.count - 1, Int((0.99 * count).rounded(.up)) - 1)],
      largestDivergence: sorted.last ?? 0, topAgreement: Double(agreements) / count,
      meanProbabilityDifference: probabilityDifference / count)
  }
}
