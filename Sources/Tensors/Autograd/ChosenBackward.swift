import CKernels

/// The backward step of the softmax over the vocabulary.
///
/// With g the sum of the gradients of a row's pairs, a logit x changes the loss by -g p / temperature, and by the
/// gradient of its own pair over the temperature.
struct ChosenBackward {
  let pairs: ChosenPairs
  let head: MatrixWeight
  let inverseTemperature: Float
  /// Of each row.
  let sums: [SoftmaxSum]
  /// `[rows, vocabulary]`, if they were kept.
  let logits: Tensor?
  /// Of each pair's logarithm.
  let gradients: [Float]

  /// Adds to the gradients of the head and of `hidden`.
  func add(to hidden: Variable) {
    var rowGradients = [Float](repeating: 0, count: pairs.places.count)
    var counts = rowGradients.map { _ in false }
    for (pair, gradient) in gradients.enumerated() where gradient != 0 {
      rowGradients[pairs.rowOf[pair]] += gradient
      counts[pairs.rowOf[pair]] = true
    }
    let rows = counts.indices.filter { counts[$0] }
    guard !rows.isEmpty else { return }
    var sum = hidden.needsGradient ? hidden.sink.takeGradient() ?? Tensor(shape: hidden.value.shape) : nil
    for chunk in pairs.chunks(rows, of: hidden.value) {
      if let change = add(chunk, rowGradients, wantsHidden: hidden.needsGradient) {
        sum?.addRows(of: change, at: chunk.indices.map { pairs.places[$0] })
      }
    }
    if let sum { hidden.accumulate(sum) }
  }

  /// Adds to the gradient of the head, and returns that of the chunk's rows, `[rows, hidden]`, if wanted.
  private func add(_ chunk: ChosenChunk, _ rowGradients: [Float], wantsHidden: Bool) -> Tensor? {
    let tiles = HeadTiles(head.matrix, rows: chunk.rows)
    let size = chunk.rows * head.inputs
    var changes = Tensor.unfilled([wantsHidden ? tiles.parts.count : 0, size])
    var kept = logits?.rows(at: chunk.indices)
    let (target, logits) = (changes.fillingAddress, kept?.fillingAddress)
    let headGradient = trainedHead?.gradientAddress
    Parallel.forEach(tiles.parts.count) { range in
      for part in range {
        ChosenBackwardPart(
          step: self, chunk: chunk, rowGradients: rowGradients, kept: logits, headGradient: headGradient,
          hiddenGradient: wantsHidden ? target.map { $0 + part * size } : nil
        ).compute(tiles, tiles.parts[part])
      }
    }
    withExtendedLifetime((changes, kept)) {}
    return !wantsHidden ? nil : changes.sumOfRows().reshaped([chunk.rows, head.inputs])
  }

  private var trainedHead: Parameter? {
    if case .trained(let parameter) = head { parameter } else { nil }
  }
}

/// What one thread does for some rows and a part of the vocabulary.
struct ChosenBackwardPart {
  let step: ChosenBackward
  let chunk: ChosenChunk
  let rowGradients: [Float]
  /// `[rows, vocabulary]`
  let kept: UnsafeMutablePointer<Float>?
  let headGradient: UnsafeMutablePointer<Float>?
  /// `[rows, hidden]`, without values yet.
  let hiddenGradient: UnsafeMutablePointer<Float>?

  private var inputs: Int { step.head.inputs }

  func compute(_ tiles: HeadTiles, _ part: Range<Int>) {
    var scratch = kept == nil ? Tensor.unfilled([chunk.rows, HeadTiles.width]) : nil
    defer { withExtendedLifetime(scratch) {} }
    let own = scratch?.fillingAddress
    let stride = kept == nil ? HeadTiles.width : step.head.outputs
    tiles.forEach(in: part) { tokens, weights, weightStride in
      guard let logits = kept.map({ $0 + tokens.lowerBound }) ?? own else { return }
      if kept == nil { chunk.multiply(weights, weightStride, count: tokens.count, into: logits, stride: stride) }
      differentiate(logits, stride, tokens)
      if let hiddenGradient {
        MatrixMultiplication(
          a: logits, b: weights, product: hiddenGradient, rows: chunk.rows, inner: tokens.count, columns: inputs,
          strideA: stride, strideB: weightStride, strideProduct: inputs,
          accumulating: tokens.lowerBound > part.lowerBound
        ).compute()
      }
      if let headGradient {
        MatrixMultiplication(
          a: logits, b: chunk.hidden.address, product: headGradient + tokens.lowerBound * inputs, rows: tokens.count,
          inner: chunk.rows, columns: inputs, strideA: stride, strideB: inputs, strideProduct: inputs,
          transposingA: true, accumulating: true
        ).compute()
      }
    }
  }

  /// Makes gradients of logits.
  private func differentiate(_ logits: UnsafeMutablePointer<Float>, _ stride: Int, _ tokens: Range<Int>) {
    for (row, index) in chunk.indices.enumerated() {
      let sum = step.sums[index]
      let factor = -Double(rowGradients[index]) * Double(step.inverseTemperature) / sum.sum
      training_softmax_gradient(
        logits + row * stride, tokens.count, step.inverseTemperature, sum.largest, Float(factor))
    }
    for choice in chunk.choices(of: tokens) {
      logits[choice.row * stride + choice.token - tokens.lowerBound] +=
        step.gradients[choice.pair] * step.inverseTemperature
    }
  }
}

extension Tensor {
  /// The sum of the rows, in their order.
  func sumOfRows() -> Tensor {
    let (rows, columns) = (matrixRows, columns)
    return withUnsafeElements { elements in
      Tensor(shape: [columns]) { sums in
        guard let from = elements.baseAddress, let to = sums.baseAddress, rows > 0 else { return }
        LoopSplit.forEach(columns, elementsEach: rows) { range in
          (to + range.lowerBound).update(from: from + range.lowerBound, count: range.count)
          for row in 1..<rows {
            transformer_add(to + range.lowerBound, from + row * columns + range.lowerBound, range.count)
          }
        }
      }
    }
  }

  /// Adds row i of `other` to row `places[i]`; the places differ.
  mutating func addRows(of other: Tensor, at places: [Int]) {
    let columns = columns
    other.withUnsafeElements { other in
      withUnsafeMutableElements { elements in
        guard let from = other.baseAddress, let to = elements.baseAddress else { return }
        LoopSplit.forEach(places.count, elementsEach: columns) { range in
          for row in range { transformer_add(to + places[row] * columns, from + row * columns, columns) }
        }
      }
    }
  }
}
