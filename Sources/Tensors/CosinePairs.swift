/// Pairs of vectors that point nearly the same way, out of all pairs.
///
/// Works on blocks of rows, so memory is that of two blocks and their product, whatever the number of rows; the products
/// are BLAS's. The time grows with the square of the rows.
public enum CosinePairs {
  /// Rows of a block; the product of two takes 4 MB.
  public static let block = 1024

  /// Calls `found` with `first < second` and their cosine, for each pair of `count` rows whose cosine is at least
  /// `threshold`; by blocks, and in each by first and second. `rows` gives the rows of a range, `[rows, dimension]`
  /// row-major, each of length 1; a row of zeros is like none.
  public static func find(
    count: Int, dimension: Int, threshold: Float, block: Int = block, rows: (Range<Int>) throws -> [Float],
    found: (_ first: Int, _ second: Int, _ cosine: Float) -> Void
  ) rethrows {
    precondition(block > 0 && dimension > 0, "a block has rows, and a row has elements")
    for start in stride(from: 0, to: count, by: block) {
      let own = start..<min(start + block, count)
      let a = try rows(own)
      for other in stride(from: start, to: count, by: block) {
        let others = other..<min(other + block, count)
        let b = other == start ? a : try rows(others)
        let product = BLAS.multiply(
          a, b, rows: own.count, inner: dimension, columns: others.count, transposingB: true)
        scan(product, own, others, threshold, found)
      }
    }
  }

  private static func scan(
    _ product: [Float], _ own: Range<Int>, _ others: Range<Int>, _ threshold: Float, _ found: (Int, Int, Float) -> Void
  ) {
    product.withUnsafeBufferPointer { product in
      for first in own {
        let row = (first - own.lowerBound) * others.count
        for second in others where second > first {
          let cosine = product[row + second - others.lowerBound]
          if cosine >= threshold { found(first, second, cosine) }
        }
      }
    }
  }

  /// The vector made one of length 1; zeros where it has none.
  public static func normalised(_ vector: [Float]) -> [Float] {
    let length = vector.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
    guard length > 0, length.isFinite else { return vector.map { _ in 0 } }
    return vector.map { Float(Double($0) / length) }
  }
}
