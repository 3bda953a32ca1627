public import Tensors

/// Adds an adapter to a model's weights, or takes it away again.
///
/// A layer's weights become `W + scale B A`, computed in float32; a tensor that was trained itself takes its place.
public struct AdapterMerge: Sendable {
  public enum Direction: Sendable {
    case merge
    /// Gives back what the weights were before, but for rounding: in float32 to about a millionth.
    case unmerge
  }

  private let base: Checkpoint
  private let adapter: ModelAdapter
  private let direction: Direction
  private let layers: [String: ModelAdapter.Layer]

  /// Refuses a base whose matrices Earshot packed, and to unmerge what cannot be.
  public init(_ adapter: ModelAdapter, into base: Checkpoint, direction: Direction = .merge) throws(CheckpointError) {
    guard !base.isQuantized else { throw .folder(base.folder, .alreadyQuantized) }
    if direction == .unmerge, let name = adapter.trained.keys.min() {
      throw .adapter(file: base.folder, .notReversible(tensor: name))
    }
    self.base = base
    self.adapter = adapter
    self.direction = direction
    layers = Dictionary(uniqueKeysWithValues: adapter.layers.map { ("\($0.name).weight", $0) })
  }

  /// Writes the model into the new or empty folder `folder`, one tensor in memory at a time; changed tensors as `type`,
  /// `nil` as in the base.
  public func write(
    to folder: String, as type: StoredType? = nil, progress: (_ written: Int, _ total: Int) -> Void = { _, _ in }
  ) throws(CheckpointError) {
    let names = Set(layers.keys).union(adapter.trained.keys)
    let copy = ModelCopy(of: base, replacing: names, as: type)
    try copy.write(to: folder, progress: progress) { name throws(CheckpointError) in try tensor(name) }
  }

  /// The tensor `name` as it is after the merge.
  public func tensor(_ name: String) throws(CheckpointError) -> Tensor {
    var weights = if let trained = adapter.trained[name] { trained } else { try base.tensor(name) }
    guard let layer = layers[name] else { return weights }
    let scale = direction == .merge ? adapter.scale(of: layer) : -adapter.scale(of: layer)
    weights.addProduct(of: layer.b, layer.a, scale: scale)
    return weights
  }
}

extension Tensor {
  /// Adds `scale b a`, for matrices `[rows, inner]` and `[inner, columns]`.
  fileprivate mutating func addProduct(of b: Tensor, _ a: Tensor, scale: Float) {
    let (rows, inner, columns) = (shape[0], a.shape[0], shape[1])
    let scaled = Tensor(shape: b.shape) { elements in
      b.withUnsafeElements { source in
        for index in elements.indices { elements[index] = scale * source[index] }
      }
    }
    withUnsafeMutableElements { elements in
      var product = MutableSpan(_unsafeElements: elements)
      scaled.withUnsafeElements { b in
        a.withUnsafeElements { a in
          BLAS.multiply(
            Span(_unsafeElements: b), Span(_unsafeElements: a), into: &product, rows: rows, inner: inner,
            columns: columns, accumulating: true)
        }
      }
    }
  }
}
