import Testing

@testable import Tensors

/// What rounding to 8 and 4 bits costs.
struct QuantisationTests {
  @Test(arguments: [(WeightFormat.int8, 0.5 / 127), (.int4, 0.75 / 8)])
  func noWeightIsOffByMoreThanItsShareOfTheLargestOfItsBlock(format: WeightFormat, share: Double) {
    let weights = normal([48, 96], seed: 1)

    let kept = unpacked(WeightMatrix(weights).converted(to: format))

    for block in stride(from: 0, to: weights.count, by: 32) {
      let original = weights.values[block..<block + 32]
      let largest = original.map { Double($0.magnitude) }.max() ?? 0
      let off = zip(original, kept[block..<block + 32]).map { abs(Double($0) - Double($1)) }.max() ?? 0
      #expect(off <= share * largest * 1.001)
    }
  }

  /// ggml's q4_0 takes the extreme as -8 and so its eighth as the scale.
  @Test func int4IsCloserThanTheScaleOfTheExtremeAlone() {
    let weights = normal([64, 320], seed: 2).values

    let kept = unpacked(WeightMatrix(Tensor(weights, shape: [64, 320])).converted(to: .int4))

    let simple = stride(from: 0, to: weights.count, by: 32).flatMap { block -> [Float] in
      let values = weights[block..<block + 32]
      let extreme = values.max { $0.magnitude < $1.magnitude } ?? 0
      let scale = Float(Float16(extreme / -8))
      return values.map { min(7, max(-8, ($0 / scale).rounded())) * scale }
    }
    #expect(weightedError(weights, kept) < 0.95 * weightedError(weights, simple))
  }

  @Test(arguments: [WeightFormat.int8, .int4])
  func zerosStayAndHugeOrTinyWeightsAreFinite(format: WeightFormat) {
    let values: [Float] = [0, 3e38, -3e38, 1e-38, -Float.leastNonzeroMagnitude, 70_000 * 127, 1e-7]
    let weights = Tensor(values.flatMap { [Float](repeating: $0, count: 32) }, shape: [values.count, 32])

    let kept = unpacked(WeightMatrix(weights).converted(to: format))

    #expect(kept.allSatisfy { $0.isFinite })
    #expect(kept[0..<32].allSatisfy { $0 == 0 })
  }

  @Test(arguments: [WeightFormat.int8, .int4])
  func weightsOnTheGridAreKeptExactly(format: WeightFormat) {
    let limit = format == .int8 ? 127 : 7
    let values = (0..<64).map { index in Float(index % 32 == 0 ? -limit : (index * 5) % limit) / 64 }
    let weights = Tensor(values, shape: [2, 32])

    #expect(unpacked(WeightMatrix(weights).converted(to: format)) == values)
  }

  @Test func aFormatConvertsToEveryOther() {
    let x = normal([3, 64], seed: 3)
    let int8 = WeightMatrix(normal([32, 64], seed: 4)).converted(to: .int8)

    for format in WeightFormat.allCases {
      let other = int8.converted(to: format)
      #expect(other.format == format)
      let difference = largestDifference(other.product(x).values, int8.product(x).values.map(Double.init))
      #expect(difference < (format == .int4 ? 1.5 : 0.1))
    }
  }

  private func unpacked(_ matrix: WeightMatrix) -> [Float] {
    Tensor(shape: [matrix.outputs, matrix.inputs]) { matrix.copyRows(0..<matrix.outputs, to: $0) }.values
  }

  private func weightedError(_ weights: [Float], _ kept: [Float]) -> Double {
    zip(weights, kept).map { Double($0 * $0) * Double(($0 - $1) * ($0 - $1)) }.reduce(0, +)
  }
}
