import Foundation
import Testing

@testable import Tensors

/// The numbers of torch; see Tests/Fixtures/tensors/make_ops.py.
struct RecordedOperations {
  private let cases: [String: [String: [Float]]]

  init() throws {
    let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    let file = tests.appendingPathComponent("Fixtures/tensors/ops.json")
    cases = try JSONDecoder().decode([String: [String: [Float]]].self, from: Data(contentsOf: file))
  }

  /// The numbers under a case and a key, in rows of `columns`, or as one row.
  func tensor(_ name: String, _ key: String, columns: Int? = nil) throws -> Tensor {
    let values = try #require(cases[name]?[key])
    let columns = columns ?? values.count
    return Tensor(values, shape: [values.count / columns, columns])
  }
}

/// Normal numbers that are the same in each run.
struct RandomNumbers {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func uniform() -> Double {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return (Double(state >> 11) + 0.5) / Double(UInt64(1) << 53)
  }

  mutating func tensor(_ shape: [Int], scale: Float = 1) -> Tensor {
    let count = shape.reduce(1, *)
    let values = (0..<count).map { _ in
      let radius = (-2 * log(uniform())).squareRoot()
      return Float(radius * cos(2 * .pi * uniform())) * scale
    }
    return Tensor(values, shape: shape)
  }
}

/// The largest difference between elements at the same place; infinite where the shapes differ or one is NaN.
func largestDifference(_ a: Tensor, _ b: Tensor) -> Float {
  guard a.shape == b.shape else { return .infinity }
  return zip(a.values, b.values).reduce(0) { largest, pair in
    let difference = (pair.0 - pair.1).magnitude
    return difference.isNaN ? .infinity : max(largest, difference)
  }
}
