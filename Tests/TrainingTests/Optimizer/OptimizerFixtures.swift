import Foundation
import Tensors
import Testing

/// The numbers of torch and transformers; see Tests/Fixtures/autograd/linear.py.
struct RecordedOptimizer {
  let cases: [String: [String: [Double]]]

  init() throws {
    let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    let file = tests.deletingLastPathComponent().appendingPathComponent("Fixtures/autograd/linear_optimizer.json")
    cases = try JSONDecoder().decode([String: [String: [Double]]].self, from: Data(contentsOf: file))
  }

  func numbers(_ name: String, _ key: String) throws -> [Double] { try #require(cases[name]?[key]) }

  func tensor(_ name: String, _ key: String, shape: [Int]) throws -> Tensor {
    Tensor(try numbers(name, key).map(Float.init), shape: shape)
  }

  /// The two tensors whose training is recorded, as they are before it.
  func parameters() throws -> [Parameter] {
    [
      Parameter(name: "matrix", value: try tensor("steps", "before 0", shape: [3, 4])),
      Parameter(name: "vector", value: try tensor("steps", "before 1", shape: [5])),
    ]
  }

  /// Gives the parameters the gradients of a step.
  func setGradients(_ parameters: [Parameter], step: Int) throws {
    for (index, parameter) in parameters.enumerated() {
      parameter.setGradient(try numbers("steps", "gradient \(step) \(index)").map(Float.init))
    }
  }
}

extension Parameter {
  func setGradient(_ values: [Float]) {
    withUnsafeMutableGradient { _ = $0.update(fromContentsOf: values) }
  }
}

func largestDifference(_ values: [Float], _ expected: [Double]) -> Double {
  values.count == expected.count ? zip(values, expected).map { abs(Double($0) - $1) }.max() ?? 0 : .infinity
}
