import CKernels

/// The products of one tensor with several matrices.
struct MatrixProduct {
  private let layers: [Linear]
  private let x: Tensor
  private let rows: Int
  private let level: Int32

  /// Above this many rows, products of float32 and bfloat16 go through OpenBLAS, which is slower below.
  static func mostRowsOfOwnKernels(level: Int32) -> Int { level == Int32(MATMUL_AVX512) ? 64 : 32 }

  init(_ layers: [Linear], _ x: Tensor, level: Int32 = matmul_level()) {
    self.layers = layers
    self.x = x
    self.level = level
    rows = x.columns == 0 ? x.shape.dropLast().reduce(1, *) : x.rows
    for layer in layers {
      precondition(x.columns == layer.weight.inputs, "\(x.columns) columns do not fit \(layer.weight.inputs) inputs")
    }
  }

  /// `[rows, outputs]` of each layer.
  func results() -> [Tensor] {
    var results = layers.map { Tensor(shape: [rows, $0.weight.outputs]) { _ in } }
    guard rows > 0 else { return results }
    defer { withExtendedLifetime(layers) {} }
    x.withUnsafeElements { x in
      let activations = Activations(x, rows: rows, formats: Set(layers.map(\.weight.format)), level: level)
      defer { withExtendedLifetime(activations) {} }
      withPointers(to: &results) { outs in compute(activations, outs) }
    }
    for (index, layer) in layers.enumerated() {
      if let adapter = layer.adapter { results[index].add(adapter.product(x)) }
    }
    return results
  }

  /// One loop over the outputs of all layers.
  private func compute(_ activations: Activations, _ outs: [UnsafeMutablePointer<Float>]) {
    var starts = [0]
    for layer in layers { starts.append(starts[starts.count - 1] + matmul_panels(layer.weight.outputs)) }
    let panels = starts[layers.count]
    Parallel.forEach(panels, grain: grain(panels)) { range in
      for (index, layer) in layers.enumerated() {
        let panels = range.clamped(to: starts[index]..<starts[index + 1])
        guard !panels.isEmpty else { continue }
        let first = panels.lowerBound - starts[index]
        ProductPart(layer: layer, rows: rows, level: level, panels: first..<first + panels.count)
          .compute(activations, outs[index])
      }
    }
  }

  /// Panels of 16 outputs a range has at least: two, or enough columns for OpenBLAS to get going.
  private func grain(_ panels: Int) -> Int {
    guard rows > Self.mostRowsOfOwnKernels(level: level), layers.contains(where: { !$0.weight.format.isQuantized })
    else { return 2 }
    let share = panels / (4 * Parallel.threads)
    return share >= 24 ? share : max(8, (panels - 1) / (2 * Parallel.threads) + 1)
  }

  /// Calls `body` with the elements of all `tensors`.
  private func withPointers(to tensors: inout [Tensor], _ body: ([UnsafeMutablePointer<Float>]) -> Void) {
    var pointers: [UnsafeMutablePointer<Float>] = []
    func descend(_ index: Int, _ tensors: inout [Tensor]) {
      guard index < tensors.count else { return body(pointers) }
      var tensor = tensors[index]
      tensors[index] = Tensor([], shape: [0])
      tensor.withUnsafeMutableElements { elements in
        if let base = elements.baseAddress { pointers.append(base) }
        descend(index + 1, &tensors)
      }
      tensors[index] = tensor
    }
    descend(0, &tensors)
  }
}
