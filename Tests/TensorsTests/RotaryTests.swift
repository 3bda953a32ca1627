import Testing

@testable import Tensors

@Suite struct RotaryTests {
  @Test(arguments: [(16, 10_000.0), (64, 1_000_000.0)])
  func rotationEqualsTransformers(dimension: Int, theta: Double) throws {
    let recorded = try RecordedOperations()
    let name = "rotary \(dimension)"
    var x = try recorded.tensor(name, "x", columns: 2 * dimension)
    let positions = try recorded.tensor(name, "positions").values.map { Int($0) }
    let table = RotaryTable(headDimension: dimension, theta: theta, positions: 32_768)

    x.rotate(heads: 2, positions: positions, table: table)

    let difference = try largestDifference(x, recorded.tensor(name, "out", columns: 2 * dimension))
    #expect(difference <= 1e-6, "\(difference)")
  }

  @Test func anglesDoNotDependOnTheOrderInWhichTheyAreAskedFor() {
    var random = RandomNumbers(seed: 10)
    let x = random.tensor([3, 32])
    let positions = [3, 700, 5_000]
    let table = RotaryTable(headDimension: 8, theta: 10_000, positions: 1_024)
    var (together, single): (Tensor, [Float]) = (x, [])

    for row in 0..<3 {
      var part = x.rows(row..<row + 1)
      part.rotate(heads: 4, positions: [positions[row]], table: table)
      single += part.values
    }
    together.rotate(
      heads: 4, positions: positions, table: RotaryTable(headDimension: 8, theta: 10_000, positions: 8_192))

    #expect(together.values == single)
  }

  @Test func noRowsAreLeftAlone() {
    var x = Tensor(shape: [0, 8])

    x.rotate(heads: 1, positions: [], table: RotaryTable(headDimension: 8, theta: 10_000, positions: 16))

    #expect(x == Tensor(shape: [0, 8]))
  }
}
