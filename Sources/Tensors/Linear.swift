/// What an adapter adds to a layer's result: `scale B (A x)` (LoRA, Hu et al. 2021, arXiv:2106.09685).
public struct LowRankFactors: Sendable {
  /// A `[rank, inputs]`.
  public let down: WeightMatrix
  /// B `[outputs, rank]`.
  public let up: WeightMatrix
  public let scale: Float

  public init(down: WeightMatrix, up: WeightMatrix, scale: Float) {
    precondition(down.outputs == up.inputs, "factors of rank \(down.outputs) and \(up.inputs)")
    self.down = down
    self.up = up
    self.scale = scale
  }
}

/// A layer `x Wᵀ + b`.
public struct Linear: Sendable {
  public let weight: WeightMatrix
  /// `[outputs]`
  public let bias: Tensor?
  public let adapter: LowRankFactors?

  public init(weight: WeightMatrix, bias: Tensor? = nil, adapter: LowRankFactors? = nil) {
    self.adapter = adapter
    precondition(bias.map { $0.count == weight.outputs } ?? true, "a bias has one element an output")
    self.weight = weight
    self.bias = bias
  }

  /// `[rows, inputs]` to `[rows, outputs]`.
  public func callAsFunction(_ x: Tensor) -> Tensor { MatrixProduct([self], x).results()[0] }

  /// The results of several layers for one input: quicker than one by one, for what the activations need is done once
  /// and the threads meet once.
  public static func apply(_ layers: [Linear], to x: Tensor) -> [Tensor] {
    MatrixProduct(layers, x).results()
  }
}

extension WeightMatrix {
  /// `x Wᵀ + bias`, `[rows, inputs]` to `[rows, outputs]`.
  ///
  /// Up to 32 rows, and in int8 and int4 always, a row's result is the same to the bit whatever rows it comes with.
  /// In those two formats, `x` is rounded too: to 8 bits, with a scale for every 32 inputs.
  public func product(_ x: Tensor, bias: Tensor? = nil) -> Tensor {
    let results = MatrixProduct([Linear(weight: self, bias: bias)], x).results()
    return results[0]
  }
}

extension LowRankFactors {
  /// `[rows, inputs]` to `[rows, outputs]`.
  func product(_ x: Tensor) -> Tensor {
    var low = down.product(x)
    low.withUnsafeMutableElements { elements in
      for index in elements.indices { elements[index] *= scale }
    }
    return up.product(low)
  }
}
