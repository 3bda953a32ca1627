import CKernels

/// The memory in which one thread computes the gradients of one head after the other.
struct AttentionGradientMemory {
  /// The parts of the memory at work.
  struct Parts {
    let dimension: Int
    let width: Int
    /// `[rows, width]` each.
    let queries, gradient, keys, values: UnsafeMutablePointer<Float>
    /// One element for each query.
    let logSums, products: UnsafeMutablePointer<Float>
    /// `[rows, width]` each; `nil` where not asked for.
    let queryGradient, keyGradient, valueGradient: UnsafeMutablePointer<Float>?
    fileprivate let panels, weights: UnsafeMutablePointer<Float>
  }

  private let queryCapacity: Int
  private let keyCapacity: Int
  private let dimension: Int
  private let wanted: (queries: Bool, keys: Bool, values: Bool)
  private var memory: Tensor

  private static let panels = transformer_backward_columns
  private static let tile = transformer_backward_rows * panels

  /// Room for as many rows of queries and of keys.
  init(queries: Int, keys: Int, dimension: Int, wanted: (queries: Bool, keys: Bool, values: Bool)) {
    // Multiples of 16, so that each of the parts starts at a 64-byte boundary.
    queryCapacity = (queries + 15) / 16 * 16
    keyCapacity = (keys + 15) / 16 * 16
    self.dimension = dimension
    self.wanted = wanted
    let width = (dimension + 15) / 16 * 16
    let count = queryCapacity * (3 * width + 2) + keyCapacity * 4 * width + 2 * Self.panels * width + 2 * Self.tile
    memory = Tensor(shape: [count]) { _ in }
  }

  /// Calls `body` with the parts.
  mutating func use(_ body: (Parts) -> Void) {
    let width = (dimension + 15) / 16 * 16
    memory.withUnsafeMutableElements { elements in
      guard var next = elements.baseAddress else { return }
      func part(_ count: Int) -> UnsafeMutablePointer<Float> {
        defer { next += count }
        return next
      }
      let (rows, keys) = (queryCapacity, keyCapacity)
      body(
        Parts(
          dimension: dimension, width: width, queries: part(rows * width), gradient: part(rows * width),
          keys: part(keys * width), values: part(keys * width), logSums: part(rows), products: part(rows),
          queryGradient: wanted.queries ? part(rows * width) : nil, keyGradient: wanted.keys ? part(keys * width) : nil,
          valueGradient: wanted.values ? part(keys * width) : nil, panels: part(2 * Self.panels * width),
          weights: part(2 * Self.tile)))
    }
  }
}

extension AttentionGradientMemory.Parts {
  /// Copies a head, which starts at `column`, of some rows.
  func load(
    _ source: Tensor, _ rows: Range<Int>, column: Int, scale: Float = 1, into target: UnsafeMutablePointer<Float>,
    at place: Int
  ) {
    source.withUnsafeElements { elements in
      guard let base = elements.baseAddress else { return }
      transformer_gather_head(
        base + rows.lowerBound * source.columns + column, source.columns, rows.count, dimension, width, scale,
        target + place * width)
    }
  }

  /// Keeps the dot products of the same rows of two tensors.
  func multiplyRows(of a: Tensor, _ b: Tensor, _ rows: Range<Int>, column: Int, at place: Int) {
    let first = rows.lowerBound * a.columns + column
    a.withUnsafeElements { x in
      b.withUnsafeElements { y in
        guard let x = x.baseAddress, let y = y.baseAddress else { return }
        transformer_row_products(x + first, y + first, a.columns, rows.count, dimension, products + place)
      }
    }
  }

  /// Sets the gradients to zero.
  func clear(queries: Int, keys: Int) {
    queryGradient?.update(repeating: 0, count: queries * width)
    keyGradient?.update(repeating: 0, count: keys * width)
    valueGradient?.update(repeating: 0, count: keys * width)
  }

  /// Adds the gradients of one block, whose first query and key stand at these places.
  func attend(_ block: AttentionBlock, query: Int, key: Int, level: Int32) {
    let columns = transformer_backward_columns
    let tile = transformer_backward_rows * columns
    var attention = transformer_attention_backward(
      dimension: dimension, width: width, queries: queries, gradient: gradient, log_sums: logSums, products: products,
      keys: keys, values: values, key_panels: panels, value_panels: panels + columns * width, weights: weights,
      changes: weights + tile, query_gradient: queryGradient, key_gradient: keyGradient, value_gradient: valueGradient)
    transformer_attend_backward(
      level, &attention, query, block.queries.count, key, block.keys.count,
      Int64(block.seen(by: block.queries.lowerBound)), block.isCausal ? 1 : 0)
  }

  /// Writes some rows of one of the gradients times `scale`, as a head of a matrix.
  func store(
    _ source: UnsafeMutablePointer<Float>?, at place: Int, _ rows: Int, scale: Float, stride: Int,
    _ target: UnsafeMutablePointer<Float>?, at start: Int
  ) {
    guard let source, let target else { return }
    transformer_scatter_head(source + place * width, width, rows, dimension, stride, scale, target + start)
  }
}
