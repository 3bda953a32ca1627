import CKernels
import Testing

@testable import Tensors

/// Every format, row count and shape against a plain product in double precision.
struct WeightProductTests {
  @Test(arguments: WeightFormat.allCases, [0, 1, 2, 3, 5, 8, 15, 16, 17, 31, 32, 33, 70, 100])
  func productEqualsThePlainOne(format: WeightFormat, rows: Int) {
    for (outputs, inputs) in [(1, 1), (7, 0), (0, 7), (7, 5), (16, 32), (33, 31), (40, 64), (96, 130), (129, 77)] {
      let weight = WeightMatrix(normal([outputs, inputs], seed: 1)).converted(to: format)
      let x = normal([rows, inputs], seed: 2)
      let bias = normal([outputs], seed: 3)

      for level in levels {
        let product = MatrixProduct([Linear(weight: weight, bias: bias)], x, level: level).results()[0]

        #expect(product.shape == [rows, outputs])
        let expected = plainProduct(x, weight, bias: bias)
        #expect(largestDifference(product.values, expected) < 2e-5, "\(outputs) x \(inputs), level \(level)")
      }
    }
  }

  @Test(arguments: WeightFormat.allCases)
  func aRowIsTheSameToTheBitWhateverRowsItComesWith(format: WeightFormat) {
    let weight = WeightMatrix(normal([100, 200], seed: 1)).converted(to: format)
    let x = normal([format.isQuantized ? 90 : 32, 200], seed: 2)

    for level in levels {
      let all = MatrixProduct([Linear(weight: weight)], x, level: level).results()[0]

      for rows in 1...x.rows {
        let some = MatrixProduct([Linear(weight: weight)], x.rows(0..<rows), level: level).results()[0]
        #expect(some == all.rows(0..<rows), "\(rows) rows, level \(level)")
      }
    }
  }

  /// Wide and long enough for several chunks of inputs, in our kernels and before OpenBLAS.
  @Test(arguments: WeightFormat.allCases, [2, 9, 64, 65, 101])
  func productOfManyInputsEqualsThePlainOne(format: WeightFormat, rows: Int) {
    let weight = WeightMatrix(normal([600, 1_100], seed: 4)).converted(to: format)
    let x = normal([rows, 1_100], seed: 5)

    for level in levels {
      let product = MatrixProduct([Linear(weight: weight)], x, level: level).results()[0]

      let some = (0..<rows).flatMap { row in product.values[row * 600 + 520..<row * 600 + 600] }
      let rowsOfSome = Tensor(shape: [80, 1_100]) { weight.copyRows(520..<600, to: $0) }
      let expected = plainProduct(x, rounded: format.isQuantized, rowsOfSome, bias: nil)
      #expect(largestDifference(some, expected) < 1e-4, "level \(level)")
    }
  }

  @Test(arguments: WeightFormat.allCases, [Float.nan, .infinity])
  func whatIsNotFiniteStaysInItsRow(format: WeightFormat, value: Float) {
    let weight = WeightMatrix(normal([20, 40], seed: 1)).converted(to: format)
    var values = normal([3, 40], seed: 2).values
    values[40 + 7] = value

    for level in levels {
      let product = MatrixProduct([Linear(weight: weight)], Tensor(values, shape: [3, 40]), level: level).results()[0]

      let isFinite = (0..<3).map { row in product.rows(row..<row + 1).values.map(\.isFinite) }
      #expect(isFinite[0].allSatisfy { $0 })
      #expect(isFinite[1].allSatisfy { !$0 })
      #expect(isFinite[2].allSatisfy { $0 })
    }
  }

  @Test(arguments: [1, 20, 70]) func layersTogetherEqualLayersAlone(rows: Int) {
    let x = normal([rows, 70], seed: 6)
    let layers = WeightFormat.allCases.enumerated().map { index, format in
      let outputs = 30 + 17 * index
      return Linear(
        weight: WeightMatrix(normal([outputs, 70], seed: UInt64(index))).converted(to: format),
        bias: index == 1 ? nil : normal([outputs], seed: 9))
    }

    let together = Linear.apply(layers, to: x)

    for (layer, result) in zip(layers, together) {
      let alone = layer(x)
      #expect(result.shape == alone.shape)
      #expect(
        largestDifference(result.values, alone.values.map(Double.init)) < (rows > 32 ? 1e-5 : .leastNonzeroMagnitude))
    }
  }
}
