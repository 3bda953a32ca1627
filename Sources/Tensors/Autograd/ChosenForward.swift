/// The softmax of rows over the vocabulary.
struct ChosenForward {
  private let pairs: ChosenPairs
  private let head: WeightMatrix
  private let inverseTemperature: Float
  /// Of each row.
  private(set) var sums: [SoftmaxSum]
  /// `[rows, vocabulary]` where they are kept.
  private(set) var logits: Tensor?
  /// The logit of each pair.
  private var chosen: [Float]

  /// The most logits that are kept for the way back, in bytes.
  static let mostKept = 8 << 20

  init(_ pairs: ChosenPairs, head: WeightMatrix, inverseTemperature: Float, keepsLogits: Bool) {
    (self.pairs, self.head, self.inverseTemperature) = (pairs, head, inverseTemperature)
    sums = Array(repeating: SoftmaxSum(), count: pairs.places.count)
    chosen = Array(repeating: 0, count: pairs.tokens.count)
    let isSmall = pairs.places.count * head.outputs <= Self.mostKept / 4
    logits = keepsLogits && isSmall ? .unfilled([pairs.places.count, head.outputs]) : nil
  }

  /// `[n]`
  var logProbabilities: Tensor {
    let values = chosen.indices.map { pair in
      sums[pairs.rowOf[pair]].logProbability(of: chosen[pair], inverseTemperature: inverseTemperature)
    }
    return Tensor(values, shape: [values.count])
  }

  mutating func compute(_ hidden: Tensor) {
    var chosen = chosen
    defer { self.chosen = chosen }
    for chunk in pairs.chunks(Array(pairs.places.indices), of: hidden) {
      let tiles = HeadTiles(head, rows: chunk.rows)
      var parts = [SoftmaxSum](repeating: SoftmaxSum(), count: tiles.parts.count * chunk.rows)
      let first = chunk.indices.first ?? 0
      let kept = logits?.fillingAddress.map { $0 + first * head.outputs }
      parts.withUnsafeMutableBufferPointer { parts in
        chosen.withUnsafeMutableBufferPointer { chosen in
          Parallel.forEach(tiles.parts.count) { range in
            for part in range {
              compute(
                chunk, tiles, tiles.parts[part], kept: kept, sums: parts[rowOf: part..<part + 1, chunk.rows],
                chosen: chosen)
            }
          }
        }
      }
      for (index, sum) in parts.enumerated() { sums[first + index % chunk.rows].add(sum) }
    }
  }

  /// The tokens of one part.
  private func compute(
    _ chunk: ChosenChunk, _ tiles: HeadTiles, _ part: Range<Int>, kept: UnsafeMutablePointer<Float>?,
    sums: UnsafeMutableBufferPointer<SoftmaxSum>, chosen: UnsafeMutableBufferPointer<Float>
  ) {
    var scratch = kept == nil ? Tensor.unfilled([chunk.rows, HeadTiles.width]) : nil
    defer { withExtendedLifetime(scratch) {} }
    let stride = kept == nil ? HeadTiles.width : head.outputs
    let own = scratch?.fillingAddress
    tiles.forEach(in: part) { tokens, weights, weightStride in
      guard let logits = kept.map({ $0 + tokens.lowerBound }) ?? own else { return }
      chunk.multiply(weights, weightStride, count: tokens.count, into: logits, stride: stride)
      for row in 0..<chunk.rows {
        sums[row].add(
          SoftmaxSum(
            logits + row * stride, count: tokens.count, token: tokens.lowerBound,
            inverseTemperature: inverseTemperature))
      }
      for choice in chunk.choices(of: tokens) {
        chosen[choice.pair] = logits[choice.row * stride + choice.token - tokens.lowerBound]
      }
    }
  }
}

extension ChosenChunk {
  /// The logits of `count` tokens with these weights.
  func multiply(
    _ weights: UnsafePointer<Float>, _ weightStride: Int, count: Int, into logits: UnsafeMutablePointer<Float>,
    stride: Int
  ) {
    let columns = hidden.columns
    MatrixMultiplication(
      a: hidden.address, b: weights, product: logits, rows: rows, inner: columns, columns: count, strideA: columns,
      strideB: weightStride, strideProduct: stride, transposingB: true
    ).compute()
    withExtendedLifetime(hidden) {}
  }
}
