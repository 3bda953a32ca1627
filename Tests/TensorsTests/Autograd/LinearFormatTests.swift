import Testing

@testable import Tensors

/// Products with weights as they are stored, and their partition.
@Suite struct LinearFormatTests {
  static let shapes = [
    (1, 1), (7, 0), (0, 7), (7, 5), (16, 32), (33, 31), (96, 130), (129, 77), (530, 40), (40, 1_050),
  ]

  @Test(arguments: WeightFormat.allCases, [0, 1, 3, 70])
  func bothProductsEqualThePlainOnes(format: WeightFormat, rows: Int) {
    for (outputs, inputs) in Self.shapes {
      let matrix = WeightMatrix(normal([outputs, inputs], seed: 1)).converted(to: format)
      let (x, y) = (normal([rows, inputs], seed: 2), normal([rows, outputs], seed: 3))
      let weights = matrix.widened

      let forward = matrix.exactProduct(x)
      let backward = matrix.transposedProduct(y)

      #expect(forward.shape == [rows, outputs] && backward.shape == [rows, inputs])
      let expected = plainProduct(x, rounded: false, weights, bias: nil)
      #expect(largestDifference(forward.values, expected) < 2e-5, "\(outputs) x \(inputs)")
      let transposed = plainProduct(y, rounded: false, self.transposed(weights), bias: nil)
      #expect(largestDifference(backward.values, transposed) < 2e-5, "\(outputs) x \(inputs)")
    }
  }

  @Test(arguments: WeightFormat.allCases) func frozenWeightsGiveTheGradientOfTheInput(format: WeightFormat) throws {
    let matrix = WeightMatrix(normal([40, 70], seed: 1)).converted(to: format)
    let (x, dy) = (Variable(normal([9, 70], seed: 2), needsGradient: true), normal([9, 40], seed: 3))
    let (tape, before) = (Tape(), normal([9, 70], seed: 5))

    tape.linear(x, LinearWeights(weight: .frozen(matrix), bias: .frozen(normal([40], seed: 4)))).accumulate(dy)
    x.accumulate(before)
    tape.backward()

    let change = plainProduct(dy, rounded: false, transposed(matrix.widened), bias: nil)
    let expected = zip(change, before.values).map { $0 + Double($1) }
    #expect(largestDifference(try #require(x.gradient).values, expected) < 1e-5)
  }

  @Test(arguments: WeightFormat.allCases) func aWidenedTileIsTheRowsToTheBit(format: WeightFormat) {
    let matrix = WeightMatrix(normal([75, 150], seed: 1)).converted(to: format)
    let all = matrix.widened
    for (outputs, inputs) in [(0..<75, 0..<150), (16..<64, 32..<96), (32..<75, 64..<150), (64..<70, 96..<100)] {
      var tile = Tensor(shape: [80, 192])
      if let target = tile.fillingAddress {
        WeightTile(weight: matrix, outputs: outputs, inputs: inputs).widen(to: target, stride: 192)
      }

      for output in outputs {
        let row = tile.rows(output - outputs.lowerBound..<output - outputs.lowerBound + 1).values[..<inputs.count]
        #expect(Array(row) == Array(all.rows(output..<output + 1).values[inputs]))
      }
    }
  }

  /// Work inside a loop of all threads is done by one of them.
  @Test(arguments: WeightFormat.allCases) func resultsDoNotDependOnThreads(format: WeightFormat) {
    let matrix = WeightMatrix(normal([700, 520], seed: 1)).converted(to: format)
    let x = normal([200, 520], seed: 2)
    let together = gradients(matrix, x)

    var alone: [[Tensor]] = [[], []]
    alone.withUnsafeMutableBufferPointer { alone in
      Parallel.forEach(2) { range in
        for index in range { alone[index] = gradients(matrix, x) }
      }
    }

    #expect(alone == [together, together])
  }

  @Test(arguments: [1, 15, 16, 100, 129, 896, 4_864], [1, 33, 512, 1_000])
  func partsCoverAProductOnce(rows: Int, columns: Int) {
    var product = Tensor(shape: [rows, columns])
    guard let target = product.fillingAddress else { return }
    let whole = MatrixMultiplication(
      a: nil, b: nil, product: target, rows: rows, inner: 5_000, columns: columns, strideA: 5_000, strideB: columns,
      strideProduct: columns)

    for part in whole.fixedParts() {
      for row in 0..<part.rows {
        for column in 0..<part.columns { part.product[row * part.strideProduct + column] += 1 }
      }
    }

    #expect(product.values.allSatisfy { $0 == 1 })
  }

  /// All that a layer with an adapter computes.
  private func gradients(_ matrix: WeightMatrix, _ x: Tensor) -> [Tensor] {
    let adapter = LowRankAdapter(
      a: Parameter(name: "a", value: normal([4, matrix.inputs], seed: 3)),
      b: Parameter(name: "b", value: normal([matrix.outputs, 4], seed: 4)), scale: 0.5, dropout: 0.3)
    let bias = Parameter(name: "bias", value: normal([matrix.outputs], seed: 5))
    let weight = Parameter(name: "weight", value: matrix.widened)
    let (tape, input) = (Tape(dropoutSeed: 7), Variable(x, needsGradient: true))
    let results = tape.linear(
      input,
      [
        LinearWeights(weight: .frozen(matrix), bias: .trained(bias), adapter: adapter),
        LinearWeights(weight: .trained(weight)),
      ])
    for result in results { result.accumulate(normal([x.rows, matrix.outputs], seed: 6)) }
    tape.backward()
    let parameters = [adapter.a, adapter.b, bias, weight]
    return results.map(\.value) + parameters.map(\.gradient) + [input.gradient].compactMap { $0 }
  }

  private func transposed(_ matrix: Tensor) -> Tensor {
    let (rows, columns, values) = (matrix.shape[0], matrix.shape[1], matrix.values)
    return Tensor(
      (0..<columns).flatMap { column in (0..<rows).map { values[$0 * columns + column] } }, shape: [columns, rows])
  }
}
