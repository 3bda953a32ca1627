import COpenBLAS

extension BLAS {
  /// The product `A B`, row-major `[rows, columns]`.
  ///
  /// `a` holds A `[rows, inner]`, or its transpose `[inner, rows]` with `transposingA`; `b` holds B `[inner, columns]`,
  /// or its transpose `[columns, inner]` with `transposingB`. All are row-major without gaps; other counts are a
  /// programming mistake. Where `inner` is 0 the product is all zeros.
  public static func multiply(
    _ a: [Float], _ b: [Float], rows: Int, inner: Int, columns: Int,
    transposingA: Bool = false, transposingB: Bool = false
  ) -> [Float] {
    var product = [Float](repeating: 0, count: rows * columns)
    var out = product.mutableSpan
    multiply(
      a.span, b.span, into: &out, rows: rows, inner: inner, columns: columns,
      transposingA: transposingA, transposingB: transposingB)
    return product
  }

  /// Writes `A B` over `product`, with the shapes of the function that returns it; adds to it with `accumulating`.
  public static func multiply(
    _ a: Span<Float>, _ b: Span<Float>, into product: inout MutableSpan<Float>, rows: Int, inner: Int, columns: Int,
    transposingA: Bool = false, transposingB: Bool = false, accumulating: Bool = false
  ) {
    precondition(a.count == rows * inner, "A has \(a.count) elements, \(rows) x \(inner) are needed")
    precondition(b.count == inner * columns, "B has \(b.count) elements, \(inner) x \(columns) are needed")
    precondition(product.count == rows * columns, "the product has \(product.count) elements, not \(rows) x \(columns)")
    prepare()
    guard rows > 0, columns > 0 else { return }
    a.withUnsafeBufferPointer { a in
      b.withUnsafeBufferPointer { b in
        product.withUnsafeMutableBufferPointer { product in
          guard let target = product.baseAddress else { return }
          MatrixMultiplication(
            a: a.baseAddress, b: b.baseAddress, product: target, rows: rows, inner: inner, columns: columns,
            strideA: transposingA ? rows : inner, strideB: transposingB ? inner : columns, strideProduct: columns,
            transposingA: transposingA, transposingB: transposingB, accumulating: accumulating
          ).computeInParallel()
        }
      }
    }
  }

  /// The speed of a product of two square matrices of `size`, in 10^9 operations a second (2 size^3 operations a
  /// product); the fastest of `repetitions` after one to warm up.
  public static func measureGFLOPS(size: Int, repetitions: Int = 3) -> Double {
    precondition(size > 0 && repetitions > 0, "a speed is measured on something")
    let matrix = (0..<size * size).map { Float($0 % 7) - 3 }
    var product = [Float](repeating: 0, count: size * size)
    let clock = ContinuousClock()
    var fastest = Duration.seconds(.max / 2)
    for repetition in 0...repetitions {
      let elapsed = clock.measure {
        var out = product.mutableSpan
        multiply(matrix.span, matrix.span, into: &out, rows: size, inner: size, columns: size)
      }
      if repetition > 0 { fastest = min(fastest, elapsed) }
    }
    let edge = Double(size)
    return 2 * edge * edge * edge / (fastest / .seconds(1)) / 1e9
  }
}
