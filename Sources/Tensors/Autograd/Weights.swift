/// A matrix of weights `[outputs, inputs]`, in training or as it is.
public enum MatrixWeight {
  case frozen(WeightMatrix)
  case trained(Parameter)

  public var outputs: Int {
    switch self {
    case .frozen(let matrix): matrix.outputs
    case .trained(let parameter): parameter.value.shape[0]
    }
  }

  public var inputs: Int {
    switch self {
    case .frozen(let matrix): matrix.inputs
    case .trained(let parameter): parameter.value.shape[1]
    }
  }

  public var isTrained: Bool { if case .trained = self { true } else { false } }
}

/// A vector of weights, in training or as it is.
public enum VectorWeight {
  case frozen(Tensor)
  case trained(Parameter)

  public var value: Tensor {
    switch self {
    case .frozen(let tensor): tensor
    case .trained(let parameter): parameter.value
    }
  }

  public var isTrained: Bool { if case .trained = self { true } else { false } }
}

/// A trained addition of low rank to a layer: `y += scale B (A drop(x))` (LoRA, Hu et al. 2021, arXiv:2106.09685).
public struct LowRankAdapter {
  /// `[rank, inputs]`
  public let a: Parameter
  /// `[outputs, rank]`
  public let b: Parameter
  /// alpha / rank, or alpha / sqrt(rank).
  public let scale: Float
  /// The share of the inputs that is left out at random in training.
  public let dropout: Float

  public init(a: Parameter, b: Parameter, scale: Float, dropout: Float = 0) {
    precondition(
      a.value.shape.count == 2 && b.value.shape.count == 2 && a.value.shape[0] == b.value.shape[1],
      "matrices of \(a.value.shape) and \(b.value.shape) have no rank in common")
    self.a = a
    self.b = b
    self.scale = scale
    self.dropout = dropout
  }
}

/// The weights of a layer `x Wᵀ + b`.
public struct LinearWeights {
  public let weight: MatrixWeight
  public let bias: VectorWeight?
  public let adapter: LowRankAdapter?

  public init(weight: MatrixWeight, bias: VectorWeight? = nil, adapter: LowRankAdapter? = nil) {
    self.weight = weight
    self.bias = bias
    self.adapter = adapter
  }
}
