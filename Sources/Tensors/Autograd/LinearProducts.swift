import CKernels

/// What an adapter made of its layer's input.
struct Adaptation {
  let adapter: LowRankAdapter
  let dropout: Dropout?
  /// `scale A drop(x)`, `[rows, rank]`.
  var narrow: Tensor

  init(_ adapter: LowRankAdapter, rows: Int, numbers: [Int]?, dropoutSeed: UInt64?) {
    self.adapter = adapter
    dropout =
      adapter.dropout > 0
      ? dropoutSeed.map { Dropout(share: adapter.dropout, seed: $0, name: adapter.a.name, rows: numbers) } : nil
    narrow = .unfilled([rows, adapter.rank])
  }
}

extension LowRankAdapter {
  var rank: Int { a.value.shape[0] }
}

/// The products of one input with several layers.
struct LinearProducts {
  /// `[rows, outputs]` of each layer.
  private(set) var results: [Tensor]
  private(set) var adaptations: [Adaptation?]

  init(_ x: Tensor, _ layers: [LinearWeights], numbers: [Int]?, dropoutSeed: UInt64?) {
    let rows = x.matrixRows
    for layer in layers {
      precondition(x.columns == layer.weight.inputs, "\(x.columns) columns do not fit \(layer.weight.inputs) inputs")
    }
    results = layers.map { .unfilled([rows, $0.weight.outputs]) }
    adaptations = layers.map { layer in
      layer.adapter.map { Adaptation($0, rows: rows, numbers: numbers, dropoutSeed: dropoutSeed) }
    }
    multiply(x, layers)
    adapt()
    for (index, layer) in layers.enumerated() {
      if let bias = layer.bias { results[index].addToRows(bias.value) }
    }
  }

  /// The products with the weights and the A of the adapters, in one loop.
  private mutating func multiply(_ x: Tensor, _ layers: [LinearWeights]) {
    let rows = x.matrixRows
    let weights = layers.map(\.weight.matrix)
    let inputs = adaptations.map { $0?.dropout?(x) ?? x }
    defer { withExtendedLifetime((x, weights, inputs)) {} }
    var pieces: [ProductPiece] = []
    for (index, weight) in weights.enumerated() {
      pieces += ProductPiece.product(x.address, rows: rows, weight, .forward, into: results[index].fillingAddress)
    }
    for (index, input) in inputs.enumerated() {
      guard let adapter = adaptations[index]?.adapter else { continue }
      pieces += ProductPiece.product(
        input.address, adapter.a.value.address, rows: rows, inner: x.columns, columns: adapter.rank,
        transposingB: true, into: adaptations[index]?.narrow.fillingAddress)
    }
    ProductPiece.compute(pieces)
  }

  /// Adds what the adapters make.
  private mutating func adapt() {
    var pieces: [ProductPiece] = []
    for index in adaptations.indices {
      guard let adapter = adaptations[index]?.adapter else { continue }
      adaptations[index]?.narrow.scale(by: adapter.scale)
      pieces += ProductPiece.product(
        adaptations[index]?.narrow.address, adapter.b.value.address, rows: results[index].matrixRows,
        inner: adapter.rank, columns: results[index].columns, transposingB: true, into: results[index].fillingAddress,
        accumulating: true)
    }
    ProductPiece.compute(pieces)
  }
}

extension Tensor {
  /// Multiplies every element with `factor`.
  mutating func scale(by factor: Float) {
    withUnsafeMutableElements { elements in
      guard let base = elements.baseAddress else { return }
      LoopSplit.forEach(elements.count, elementsEach: 1) { training_scale(base + $0.lowerBound, $0.count, factor) }
    }
  }

  /// Adds `bias` `[columns]` to each row.
  mutating func addToRows(_ bias: Tensor) {
    let columns = columns
    precondition(bias.count == columns, "a bias of \(bias.count) for \(columns) columns")
    let rows = matrixRows
    bias.withUnsafeElements { bias in
      withUnsafeMutableElements { elements in
        guard let base = elements.baseAddress else { return }
        LoopSplit.forEach(rows, elementsEach: columns) { range in
          training_add_to_rows(base + range.lowerBound * columns, range.count, columns, bias.baseAddress)
        }
      }
    }
  }
}
