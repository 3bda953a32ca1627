extension WeightMatrix {
  /// `x Wᵀ`, `[rows, inputs]` to `[rows, outputs]`, with `x` as it is in every format: for training, whose backward
  /// step takes the weights as they are stored too.
  public func exactProduct(_ x: Tensor) -> Tensor {
    precondition(x.columns == inputs, "\(x.columns) columns do not fit \(inputs) inputs")
    return product(x, .forward, columns: outputs)
  }

  /// `y W`, `[rows, outputs]` to `[rows, inputs]`: what a loss changes by with the inputs, for what it does with the
  /// outputs.
  public func transposedProduct(_ y: Tensor) -> Tensor {
    precondition(y.columns == outputs, "\(y.columns) columns do not fit \(outputs) outputs")
    return product(y, .transposed, columns: inputs)
  }

  private func product(_ x: Tensor, _ direction: WeightProduct.Direction, columns: Int) -> Tensor {
    let rows = x.matrixRows
    defer { withExtendedLifetime(self) {} }
    return x.withUnsafeElements { x in
      Tensor(shape: [rows, columns]) { out in
        guard let out = out.baseAddress else { return }
        ProductPiece.compute(
          WeightProduct(x.baseAddress, rows: rows, self, direction, into: out, accumulating: false).parts())
      }
    }
  }
}

extension Tensor {
  /// The rows also where they have no elements.
  var matrixRows: Int { columns == 0 ? shape.dropLast().reduce(1, *) : rows }
}

extension MatrixWeight {
  /// The weights as a matrix, which changes as they do.
  var matrix: WeightMatrix {
    switch self {
    case .frozen(let matrix): matrix
    case .trained(let parameter): WeightMatrix(sharing: parameter.value)
    }
  }
}
