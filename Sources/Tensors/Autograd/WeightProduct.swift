import CKernels

/// A product with a matrix of weights in any format, or a part of one, without rounding the other operand.
struct WeightProduct {
  enum Direction {
    /// `x Wᵀ`, `[rows, inputs]` to `[rows, outputs]`.
    case forward
    /// `y W`, `[rows, outputs]` to `[rows, inputs]`.
    case transposed
  }

  let weight: WeightMatrix
  let direction: Direction
  /// The whole product, whose `b` is the matrix where that is float32.
  let product: MatrixMultiplication
  /// The columns of the result.
  let columns: Range<Int>

  init(
    _ x: UnsafePointer<Float>?, rows: Int, _ weight: WeightMatrix, _ direction: Direction,
    into out: UnsafeMutablePointer<Float>, accumulating: Bool
  ) {
    let isForward = direction == .forward
    let (inner, columns) = isForward ? (weight.inputs, weight.outputs) : (weight.outputs, weight.inputs)
    (self.weight, self.direction, self.columns) = (weight, direction, 0..<columns)
    product = MatrixMultiplication(
      a: x, b: weight.values.bytes.baseAddress?.assumingMemoryBound(to: Float.self), product: out, rows: rows,
      inner: inner, columns: columns, strideA: inner, strideB: weight.inputs, strideProduct: columns,
      transposingB: isForward, accumulating: accumulating)
  }

  private init(_ whole: WeightProduct, columns: Range<Int>) {
    (weight, direction, product) = (whole.weight, whole.direction, whole.product)
    self.columns = columns
  }

  /// What the threads can compute apart.
  func parts() -> [ProductPiece] {
    guard weight.format != .float32 else { return product.fixedParts().map { .plain($0) } }
    guard product.rows > 0 else { return [] }
    // By columns alone, so that every weight is widened once; whole panels and blocks.
    let work = product.rows * product.columns * max(1, product.inner)
    let count = FixedParts.count(work: work, most: max(1, product.columns / 128))
    return FixedParts.ranges(product.columns, count: count, multiple: 32)
      .map { .weights(WeightProduct(self, columns: $0)) }
  }

  /// Widens as many weights at a time as stay in the cache, and multiplies with them.
  func compute() {
    defer { withExtendedLifetime(weight) {} }
    let side = WeightTile.side
    let scratch = UnsafeMutableBufferPointer<Float>.allocate(capacity: side * side)
    defer { scratch.deallocate() }
    guard let wide = scratch.baseAddress else { return }
    if product.inner == 0 { product.part(rows: 0..<product.rows, columns: columns).compute() }
    for first in stride(from: columns.lowerBound, to: columns.upperBound, by: side) {
      let columns = first..<min(first + side, columns.upperBound)
      for k in stride(from: 0, to: product.inner, by: side) {
        multiply(columns, k..<min(k + side, product.inner), wide)
      }
    }
  }

  private func multiply(_ columns: Range<Int>, _ inner: Range<Int>, _ wide: UnsafeMutablePointer<Float>) {
    let isForward = direction == .forward
    let tile = WeightTile(
      weight: weight, outputs: isForward ? columns : inner, inputs: isForward ? inner : columns)
    tile.widen(to: wide, stride: WeightTile.side)
    var part = product.part(rows: 0..<product.rows, columns: columns)
    part.a = product.a.map { $0 + inner.lowerBound }
    (part.b, part.strideB, part.inner) = (UnsafePointer(wide), WeightTile.side, inner.count)
    part.accumulating = product.accumulating || inner.lowerBound > 0
    part.compute()
  }
}

/// Some weights of a matrix.
struct WeightTile {
  let weight: WeightMatrix
  let outputs: Range<Int>
  let inputs: Range<Int>

  /// The most outputs and inputs of a tile that stays in the cache.
  static let side = 512

  /// Writes the weights as float32, rows `stride` apart; the first output must be a multiple of 16, the first input of
  /// 32. There has to be room for all of the last panel and block.
  func widen(to target: UnsafeMutablePointer<Float>, stride: Int) {
    guard let values = weight.values.bytes.baseAddress else { return }
    switch weight.format {
    case .float32:
      let rows = values.assumingMemoryBound(to: Float.self) + inputs.lowerBound
      for (index, output) in outputs.enumerated() {
        (target + index * stride).update(from: rows + output * weight.inputs, count: inputs.count)
      }
    case .bfloat16:
      for (index, output) in outputs.enumerated() {
        convert_widen_bfloat16(
          values + (output * weight.inputs + inputs.lowerBound) * 2, inputs.count, target + index * stride)
      }
    case .int8, .int4:
      for panel in outputs.lowerBound / 16..<(outputs.upperBound + 15) / 16 {
        training_widen_panel(
          Int32(weight.format.bits), values, weight.scales?.bytes.baseAddress, matmul_blocks(weight.inputs), panel,
          inputs.lowerBound / 32, (inputs.upperBound + 31) / 32, target + (panel * 16 - outputs.lowerBound) * stride,
          stride)
      }
    }
  }
}
