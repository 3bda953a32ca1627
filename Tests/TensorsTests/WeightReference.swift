import CKernels

@testable import Tensors

/// The instructions that this CPU has: the plain loops always run too.
let levels: Set<Int32> = [0, matmul_level()]

/// Numbers with a normal distribution, roughly: the sum of uniform ones.
func normal(_ shape: [Int], seed: UInt64) -> Tensor {
  var state = seed &* 0x9e37_79b9_7f4a_7c15
  return Tensor(
    (0..<shape.reduce(1, *)).map { _ in
      (0..<4).reduce(Float(0)) { sum, _ in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return sum + Float(state >> 40) / Float(1 << 24) - 0.5
      }
    }, shape: shape)
}

/// The product in double precision, of the weights as they are kept and, in a quantised format, of activations rounded
/// per 32 to 127 steps.
func plainProduct(_ x: Tensor, _ weight: WeightMatrix, bias: Tensor?) -> [Double] {
  let weights = Tensor(shape: [weight.outputs, weight.inputs]) { weight.copyRows(0..<weight.outputs, to: $0) }
  return plainProduct(x, rounded: weight.format.isQuantized, weights, bias: bias)
}

func plainProduct(_ x: Tensor, rounded: Bool, _ weights: Tensor, bias: Tensor?) -> [Double] {
  let (outputs, inputs) = (weights.shape[0], weights.shape[1])
  let activations = rounded ? roundedActivations(x.values, inputs: inputs) : x.values.map(Double.init)
  let bias = bias?.values
  return weights.withUnsafeElements { weights in
    (0..<x.shape[0]).flatMap { row in
      (0..<outputs).map { output in
        var sum = bias.map { Double($0[output]) } ?? 0
        for k in 0..<inputs { sum += activations[row * inputs + k] * Double(weights[output * inputs + k]) }
        return sum
      }
    }
  }
}

func largestDifference(_ values: [Float], _ expected: [Double]) -> Double {
  precondition(values.count == expected.count)
  return zip(values, expected).map { abs(Double($0) - $1) }.max() ?? 0
}

private func roundedActivations(_ x: [Float], inputs: Int) -> [Double] {
  var result: [Double] = []
  for start in stride(from: 0, to: x.count, by: max(1, inputs)) {
    for block in stride(from: start, to: start + inputs, by: 32) {
      let values = x[block..<min(block + 32, start + inputs)]
      let largest = values.reduce(0) { max($0, $1.magnitude) }
      let inverse = largest == 0 ? 0 : 127 / largest
      result += values.map { Double(($0 * inverse).rounded(.toNearestOrEven)) * Double(largest / 127) }
    }
  }
  return result
}
