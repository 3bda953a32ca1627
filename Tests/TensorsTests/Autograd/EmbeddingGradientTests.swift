import Testing

@testable import Tensors

@Suite struct EmbeddingGradientTests {
  @Test func embeddingAndReplacedRowsEqualTorch() throws {
    let recorded = try RecordedLinearOperations()
    let table = Parameter(name: "table", value: try recorded.tensor("embedding", "table", columns: 3))
    let rows = Variable(try recorded.tensor("embedding", "rows", columns: 3), needsGradient: true)
    let tape = Tape()

    let x = tape.embedding([4, 1, 4, 0, 5, 4], .trained(table))
    let y = tape.replacingRows(of: x, at: [4, 1], with: rows)
    y.accumulate(try recorded.tensor("embedding", "d y", columns: 3))
    tape.backward()

    #expect(y.value == (try recorded.tensor("embedding", "y", columns: 3)))
    #expect(relativeDifference(table.gradient, try recorded.tensor("embedding", "d table", columns: 3)) <= 1e-6)
    #expect(rows.gradient == (try recorded.tensor("embedding", "d rows", columns: 3)))
  }

  @Test(arguments: [(1, 1), (40, 3), (600, 70)]) func embeddingEqualsItsDoubleTwin(count: Int, hidden: Int) {
    var random = RandomNumbers(seed: 1)
    let tokens = (0..<count).map { $0 * 7 % 11 }
    let twin = DoubleTwin(
      inputs: [], weights: [random.tensor([11, hidden])],
      operation: { tape, _, weights in tape.embedding(tokens, MatrixWeight(weights[0])) },
      plain: { values in tokens.flatMap { Array(values[0][$0 * hidden..<($0 + 1) * hidden]) } })

    let difference = twin.largestDifference()

    #expect(difference <= 2e-6, "\(difference)")
  }

  @Test(arguments: WeightFormat.allCases) func aFrozenTableOfAnyFormatGivesItsRows(format: WeightFormat) {
    let table = WeightMatrix(normal([33, 50], seed: 1)).converted(to: format)

    let x = Tape().embedding([32, 0, 32], .frozen(table))

    #expect(x.value == table.widened.rows(at: [32, 0, 32]))
    #expect(!x.needsGradient)
    #expect(Tape().embedding([], .frozen(table)).value.shape == [0, 50])
  }

  @Test(arguments: [[Int](), [3], [8, 0, 5]]) func replacedRowsEqualTheirDoubleTwin(places: [Int]) {
    var random = RandomNumbers(seed: 2)
    let twin = DoubleTwin(
      inputs: [random.tensor([9, 4]), random.tensor([places.count, 4])],
      operation: { tape, inputs, _ in tape.replacingRows(of: inputs[0], at: places, with: inputs[1]) },
      plain: { values in
        (0..<9).flatMap { (row: Int) -> ArraySlice<Double> in
          let (source, index) = places.firstIndex(of: row).map { (1, $0) } ?? (0, row)
          return values[source][index * 4..<(index + 1) * 4]
        }
      })

    let difference = twin.largestDifference()

    #expect(difference <= 1e-6, "\(difference)")
  }

  @Test func onlyTheInputThatAsksGetsAGradient() {
    for (asks, rowsAsk) in [(true, false), (false, true), (false, false)] {
      let x = Variable(normal([3, 2], seed: 1), needsGradient: asks)
      let rows = Variable(normal([1, 2], seed: 2), needsGradient: rowsAsk)
      let tape = Tape()

      let y = tape.replacingRows(of: x, at: [1], with: rows)
      y.accumulate(Tensor([1, 2, 3, 4, 5, 6], shape: [3, 2]))
      tape.backward()

      #expect(y.needsGradient == (asks || rowsAsk))
      #expect(x.gradient?.values == (asks ? [1, 2, 0, 0, 5, 6] : nil))
      #expect(rows.gradient?.values == (rowsAsk ? [3, 4] : nil))
    }
  }
}
