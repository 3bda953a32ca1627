import Foundation

@testable import Tensors

/// An operation of the tape beside the same in plain Double.
struct DoubleTwin {
  /// What becomes variables.
  var inputs: [Tensor]
  /// What becomes parameters.
  var weights: [Tensor] = []
  var operation: (Tape, [Variable], [VectorWeight]) -> Variable
  /// The same from the elements of the inputs and then of the weights.
  var plain: ([[Double]]) -> [Double]

  /// The largest difference of results and gradients from those of the twin, over the largest of their elements.
  ///
  /// The twin's gradient is that of the dot product of its result with random numbers, by differences of the fourth
  /// order. Of large inputs some elements are looked at.
  func largestDifference(seed: UInt64 = 1) -> Double {
    var random = RandomNumbers(seed: seed)
    let (tape, variables) = (Tape(), inputs.map { Variable($0, needsGradient: true) })
    let parameters = weights.map { Parameter(name: "weight", value: $0) }
    let result = operation(tape, variables, parameters.map { .trained($0) })
    let direction = random.tensor(result.value.shape)
    result.accumulate(direction)
    tape.backward()

    let values = (inputs + weights).map { $0.values.map(Double.init) }
    let factors = direction.values.map(Double.init)
    var worst = relativeDifference(result.value.values.map(Double.init), plain(values))
    // A variable without a gradient after the way back has a gradient of zero.
    let gradients =
      variables.map { $0.gradient ?? Tensor(shape: $0.value.shape) } + parameters.map(\.gradient)
    for (index, gradient) in gradients.enumerated() {
      let places = stride(from: 0, to: gradient.count, by: max(1, gradient.count / 20))
      let expected = places.map { place in
        derivative(at: values[index][place]) { value in
          var changed = values
          changed[index][place] = value
          return zip(plain(changed), factors).reduce(0) { $0 + $1.0 * $1.1 }
        }
      }
      let found = gradient.values
      worst = max(worst, relativeDifference(places.map { Double(found[$0]) }, expected))
    }
    return worst
  }

  private func derivative(at x: Double, of function: (Double) -> Double) -> Double {
    let step = 1e-3
    let near = function(x + step) - function(x - step)
    let far = function(x + 2 * step) - function(x - 2 * step)
    return (8 * near - far) / (12 * step)
  }
}

/// The largest difference over the largest expected number; infinite where the counts differ or one is NaN.
func relativeDifference(_ numbers: [Double], _ expected: [Double]) -> Double {
  guard numbers.count == expected.count else { return .infinity }
  let scale = max(expected.reduce(0) { max($0, $1.magnitude) }, 1e-3)
  return zip(numbers, expected).reduce(0) { worst, pair in
    let difference = (pair.0 - pair.1).magnitude / scale
    return difference.isNaN ? .infinity : max(worst, difference)
  }
}

func relativeDifference(_ tensor: Tensor, _ expected: Tensor) -> Double {
  tensor.shape == expected.shape
    ? relativeDifference(tensor.values.map(Double.init), expected.values.map(Double.init)) : .infinity
}
