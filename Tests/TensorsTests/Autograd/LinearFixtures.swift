import Foundation
import Testing

@testable import Tensors

/// The numbers of torch; see Tests/Fixtures/autograd/linear.py.
struct RecordedLinearOperations {
  private let cases: [String: [String: [Float]]]

  init() throws {
    let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    let file = tests.deletingLastPathComponent().appendingPathComponent("Fixtures/autograd/linear.json")
    cases = try JSONDecoder().decode([String: [String: [Float]]].self, from: Data(contentsOf: file))
  }

  /// The numbers under a case and a key, in rows of `columns`, or as one axis.
  func tensor(_ name: String, _ key: String, columns: Int? = nil) throws -> Tensor {
    let values = try #require(cases[name]?[key])
    return Tensor(values, shape: columns.map { [values.count / $0, $0] } ?? [values.count])
  }
}

extension MatrixWeight {
  /// A parameter that a twin made as a vector's.
  init(_ weight: VectorWeight) {
    switch weight {
    case .frozen(let tensor): self = .frozen(WeightMatrix(tensor))
    case .trained(let parameter): self = .trained(parameter)
    }
  }
}

extension LowRankAdapter {
  /// Of two parameters that a twin made.
  init(_ a: VectorWeight, _ b: VectorWeight, scale: Float, dropout: Float = 0) {
    guard case .trained(let a) = a, case .trained(let b) = b else { preconditionFailure("an adapter is trained") }
    self.init(a: a, b: b, scale: scale, dropout: dropout)
  }
}

/// `x Wᵀ`, of `[rows, inputs]` and `[outputs, inputs]`.
func plainLinear(_ x: [Double], _ weights: [Double], inputs: Int, outputs: Int) -> [Double] {
  stride(from: 0, to: x.count, by: inputs).flatMap { row in
    (0..<outputs).map { output in
      (0..<inputs).reduce(0) { $0 + x[row + $1] * weights[output * inputs + $1] }
    }
  }
}

extension WeightMatrix {
  /// All weights as float32.
  var widened: Tensor { Tensor(shape: [outputs, inputs]) { copyRows(0..<outputs, to: $0) } }
}
