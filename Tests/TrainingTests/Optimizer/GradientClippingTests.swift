import Tensors
import Testing

@testable import Training

@Suite struct GradientClippingTests {
  @Test func normsAndClippedGradientsEqualTorch() throws {
    let recorded = try RecordedOptimizer()
    let parameters = try recorded.parameters()
    for step in 0..<10 {
      try recorded.setGradients(parameters, step: step)

      let norm = clipGradients(parameters, maximumNorm: 1)

      #expect(abs(norm / (try recorded.numbers("steps", "norm \(step)"))[0] - 1) <= 1e-6)
      for (index, parameter) in parameters.enumerated() {
        let clipped = try recorded.numbers("steps", "clipped \(step) \(index)")
        #expect(largestDifference(parameter.gradient.values, clipped) <= 1e-7)
      }
    }
  }

  @Test func gradientsWithinTheNormStayToTheBit() {
    let parameter = Parameter(name: "w", value: Tensor(shape: [2]))
    parameter.setGradient([3, 4])

    #expect(clipGradients([parameter], maximumNorm: 6) == 5)
    #expect(parameter.gradient.values == [3, 4])
  }

  @Test func manyGradientsAreAddedAndScaled() {
    let parameters = (0..<3).map { Parameter(name: "\($0)", value: Tensor(shape: [200_001])) }
    for parameter in parameters { parameter.setGradient([Float](repeating: 2, count: 200_001)) }
    let norm = (4.0 * 3 * 200_001).squareRoot()

    #expect(clipGradients(parameters, maximumNorm: norm / 2) == norm)
    #expect(parameters.allSatisfy { $0.gradient.values.allSatisfy { abs($0 - 1) < 1e-6 } })
    #expect(clipGradients([], maximumNorm: 1) == 0)
  }

  @Test func gradientsTooLargeForASquareInFloatHaveANorm() {
    let parameter = Parameter(name: "w", value: Tensor(shape: [2]))
    parameter.setGradient([3e30, 4e30])

    #expect(abs(clipGradients([parameter], maximumNorm: 1) / 5e30 - 1) < 1e-6)
    #expect(largestDifference(parameter.gradient.values, [0.6, 0.8]) < 1e-6)
  }

  @Test(arguments: [Float.nan, .infinity]) func aNormThatIsNotFiniteIsReportedAndNothingScaled(value: Float) {
    let parameter = Parameter(name: "w", value: Tensor(shape: [2]))
    parameter.setGradient([value, 4])

    let norm = clipGradients([parameter], maximumNorm: 1)

    #expect(!norm.isFinite)
    #expect(parameter.gradient.values[1] == 4)
  }
}
