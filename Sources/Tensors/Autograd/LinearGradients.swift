import CKernels

/// The backward step of a linear layer.
struct LinearGradients {
  let layer: LinearWeights
  let adaptation: Adaptation?
  /// `[rows, inputs]`, where the weights or an adapter are trained.
  let input: Tensor?

  /// Adds to the gradients of the weights, and of `x`, what follows from that of the result, `[rows, outputs]`.
  func add(_ gradient: Tensor, to x: GradientSink) {
    // Products add to what is there already, without a tensor of their own.
    let before = x.needsGradient ? x.takeGradient() : nil
    let accumulating = before != nil
    var sum = before ?? (x.needsGradient ? .unfilled(x.shape) : nil)
    multiply(gradient, into: &sum, accumulating: accumulating)
    if case .trained(let bias) = layer.bias { bias.addColumnSums(of: gradient) }
    if let sum { x.accumulate(sum) }
  }

  private func multiply(_ gradient: Tensor, into sum: inout Tensor?, accumulating: Bool) {
    let (weight, rows) = (layer.weight.matrix, gradient.matrixRows)
    defer { withExtendedLifetime((weight, gradient)) {} }
    var pieces = ProductPiece.product(
      gradient.address, rows: rows, weight, .transposed, into: sum?.fillingAddress, accumulating: accumulating)
    pieces += weightPieces(gradient)
    guard let adaptation else { return ProductPiece.compute(pieces) }
    let adapter = adaptation.adapter
    var narrow = Tensor.unfilled([rows, adapter.rank])
    pieces += ProductPiece.product(
      gradient.address, adapter.b.value.address, rows: rows, inner: weight.outputs, columns: adapter.rank,
      into: narrow.fillingAddress)
    ProductPiece.compute(pieces)
    narrow.scale(by: adapter.scale)
    add(narrow, of: adaptation, to: &sum)
  }

  /// The products that add to the gradients of W and B.
  private func weightPieces(_ gradient: Tensor) -> [ProductPiece] {
    var pieces: [ProductPiece] = []
    let (rows, outputs) = (gradient.matrixRows, gradient.columns)
    if case .trained(let weight) = layer.weight, let input {
      pieces += ProductPiece.product(
        gradient.address, input.address, rows: outputs, inner: rows, columns: input.columns, transposingA: true,
        into: weight.gradientAddress, accumulating: true)
    }
    if let adaptation {
      pieces += ProductPiece.product(
        gradient.address, adaptation.narrow.address, rows: outputs, inner: rows, columns: adaptation.adapter.rank,
        transposingA: true, into: adaptation.adapter.b.gradientAddress, accumulating: true)
    }
    return pieces
  }

  /// Adds to the gradients of A and of the input, given that of A drop(x), `[rows, rank]`.
  private func add(_ narrow: Tensor, of adaptation: Adaptation, to sum: inout Tensor?) {
    guard let input else { return }
    let (adapter, dropout) = (adaptation.adapter, adaptation.dropout)
    let (rows, inputs) = (input.matrixRows, input.columns)
    let dropped = dropout?(input) ?? input
    defer { withExtendedLifetime((dropped, narrow)) {} }
    var pieces = ProductPiece.product(
      narrow.address, dropped.address, rows: adapter.rank, inner: rows, columns: inputs, transposingA: true,
      into: adapter.a.gradientAddress, accumulating: true)
    var wide = dropout != nil && sum != nil ? Tensor.unfilled(input.shape) : nil
    pieces += ProductPiece.product(
      narrow.address, adapter.a.value.address, rows: rows, inner: adapter.rank, columns: inputs,
      into: dropout == nil ? sum?.fillingAddress : wide?.fillingAddress, accumulating: dropout == nil)
    ProductPiece.compute(pieces)
    if let dropout, let wide, let target = sum?.fillingAddress { dropout.add(wide, to: target) }
  }
}

extension Parameter {
  /// Adds the sum of each column of `x` to the gradient.
  func addColumnSums(of x: Tensor) {
    precondition(x.columns == count, "\(x.columns) columns for \(count) parameters")
    let rows = x.matrixRows
    x.withUnsafeElements { x in
      withUnsafeMutableGradient { sums in
        guard let from = x.baseAddress, let to = sums.baseAddress else { return }
        LoopSplit.forEach(sums.count, elementsEach: rows) { range in
          training_add_column_sums(from, rows, sums.count, range.lowerBound, range.upperBound, to)
        }
      }
    }
  }
}
