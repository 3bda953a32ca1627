/// What one thread computes of a list of products.
enum ProductPiece {
  case plain(MatrixMultiplication)
  case weights(WeightProduct)

  private func compute() {
    switch self {
    case .plain(let product): product.compute()
    case .weights(let product): product.compute()
    }
  }

  /// Computes all, which must not write the same numbers, on all threads.
  static func compute(_ pieces: [ProductPiece]) {
    Parallel.forEach(pieces.count) { range in
      for piece in pieces[range] { piece.compute() }
    }
  }

  /// `x W` or `x Wᵀ` into `out`, which has to have room and stays where it is, like `x` and the weights.
  static func product(
    _ x: UnsafePointer<Float>?, rows: Int, _ weight: WeightMatrix, _ direction: WeightProduct.Direction,
    into out: UnsafeMutablePointer<Float>?, accumulating: Bool = false
  ) -> [ProductPiece] {
    guard let out else { return [] }
    return WeightProduct(x, rows: rows, weight, direction, into: out, accumulating: accumulating).parts()
  }

  /// `A B`, of `[rows, inner]` and `[inner, columns]`, into `out`; with `transposingA` `a` holds the transpose of A,
  /// and so with `b`.
  static func product(
    _ a: UnsafePointer<Float>?, _ b: UnsafePointer<Float>?, rows: Int, inner: Int, columns: Int,
    transposingA: Bool = false, transposingB: Bool = false, into out: UnsafeMutablePointer<Float>?,
    accumulating: Bool = false
  ) -> [ProductPiece] {
    guard let out else { return [] }
    return MatrixMultiplication(
      a: a, b: b, product: out, rows: rows, inner: inner, columns: columns,
      strideA: transposingA ? rows : inner, strideB: transposingB ? inner : columns, strideProduct: columns,
      transposingA: transposingA, transposingB: transposingB, accumulating: accumulating
    ).fixedParts().map { .plain($0) }
  }
}

extension Tensor {
  /// Where the elements are while somebody holds the tensor and nobody writes to it.
  var address: UnsafePointer<Float>? { withUnsafeElements { $0.baseAddress } }

  /// Where to write the elements of a tensor that nobody else holds, while it is held.
  var fillingAddress: UnsafeMutablePointer<Float>? {
    mutating get { withUnsafeMutableElements { $0.baseAddress } }
  }

  /// Elements without values, to be written all.
  static func unfilled(_ shape: [Int]) -> Tensor { Tensor(shape: shape) { _ in } }
}

extension Parameter {
  /// Where the gradient is until somebody else holds it or asks for it.
  var gradientAddress: UnsafeMutablePointer<Float>? { withUnsafeMutableGradient { $0.baseAddress } }
}
