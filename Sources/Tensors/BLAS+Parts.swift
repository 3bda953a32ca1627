import COpenBLAS

/// One `sgemm`, or a part of one: `product` is `[rows, columns]`, all matrices are row-major.
struct MatrixMultiplication {
  var a: UnsafePointer<Float>?
  var b: UnsafePointer<Float>?
  var product: UnsafeMutablePointer<Float>
  var rows: Int
  var inner: Int
  var columns: Int
  /// The distance of rows, as stored.
  var strideA: Int
  var strideB: Int
  var strideProduct: Int
  var transposingA = false
  var transposingB = false
  var accumulating = false

  /// Splits the longer side of the product among the threads.
  func computeInParallel() {
    let length = max(rows, columns)
    Parallel.forEach(length, grain: Self.grain(length)) { range in
      part(rows: rows >= columns ? range : 0..<rows, columns: rows >= columns ? 0..<columns : range).compute()
    }
  }

  /// The smallest part of a side of `length` that is worth a call: each call packs the other operand anew.
  static func grain(_ length: Int) -> Int {
    let share = length / (4 * Parallel.threads)
    return max(64, (share + 63) / 64 * 64)
  }

  func part(rows: Range<Int>, columns: Range<Int>) -> MatrixMultiplication {
    var part = self
    part.a = a.map { $0 + rows.lowerBound * (transposingA ? 1 : strideA) }
    part.b = b.map { $0 + columns.lowerBound * (transposingB ? strideB : 1) }
    part.product = product + rows.lowerBound * strideProduct + columns.lowerBound
    (part.rows, part.columns) = (rows.count, columns.count)
    return part
  }

  /// Runs it on this thread.
  func compute() {
    BLAS.prepare()
    // cblas_sgemm asks for leading dimensions of at least 1, also of an operand without elements.
    cblas_sgemm(
      CblasRowMajor, transposingA ? CblasTrans : CblasNoTrans, transposingB ? CblasTrans : CblasNoTrans,
      Int32(rows), Int32(columns), Int32(inner), 1, a, Int32(max(1, strideA)), b, Int32(max(1, strideB)),
      accumulating ? 1 : 0, product, Int32(max(1, strideProduct)))
  }
}
