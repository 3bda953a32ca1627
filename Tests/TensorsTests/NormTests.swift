import Foundation
import Testing

@testable import Tensors

@Suite struct NormTests {
  @Test(arguments: [37, 128]) func layerNormEqualsTorch(columns: Int) throws {
    let recorded = try RecordedOperations()
    let name = "norms \(columns)"

    let out = try recorded.tensor(name, "x", columns: columns).layerNorm(
      weight: recorded.tensor(name, "weight"), bias: recorded.tensor(name, "bias"), epsilon: 1e-5)

    let difference = try largestDifference(out, recorded.tensor(name, "layer", columns: columns))
    #expect(difference <= 1.5e-6, "\(difference)")
  }

  @Test(arguments: [37, 128]) func rmsNormEqualsTorch(columns: Int) throws {
    let recorded = try RecordedOperations()
    let name = "norms \(columns)"

    let out = try recorded.tensor(name, "x", columns: columns).rmsNorm(
      weight: recorded.tensor(name, "weight"), epsilon: 1e-6)

    let difference = try largestDifference(out, recorded.tensor(name, "rms", columns: columns))
    #expect(difference <= 1.5e-6, "\(difference)")
  }

  @Test(arguments: [(0, 8), (1, 1), (2, 7), (5, 1280), (61, 901)])
  func normsOfAnyShapeEqualThePlainOnes(rows: Int, columns: Int) {
    var random = RandomNumbers(seed: 7)
    let x = random.tensor([rows, columns], scale: 5)
    let weight = random.tensor([columns])
    let bias = random.tensor([columns])

    let layer = x.layerNorm(weight: weight, bias: bias, epsilon: 1e-5)
    let rms = x.rmsNorm(weight: weight, epsilon: 1e-5)

    var (plainLayer, plainRMS): ([Float], [Float]) = ([], [])
    for row in 0..<rows {
      let values = x.values[row * columns..<(row + 1) * columns].map(Double.init)
      let mean = values.reduce(0, +) / Double(columns)
      let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(columns)
      let square = values.reduce(0) { $0 + $1 * $1 } / Double(columns)
      for (column, value) in values.enumerated() {
        let scaled = (value - mean) / (variance + 1e-5).squareRoot() * Double(weight.values[column])
        plainLayer.append(Float(scaled + Double(bias.values[column])))
        plainRMS.append(Float(value / (square + 1e-5).squareRoot() * Double(weight.values[column])))
      }
    }
    #expect(largestDifference(layer, Tensor(plainLayer, shape: x.shape)) <= 3e-6)
    #expect(largestDifference(rms, Tensor(plainRMS, shape: x.shape)) <= 3e-6)
  }
}
