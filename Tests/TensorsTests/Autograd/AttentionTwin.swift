import Foundation

@testable import Tensors

/// The attention of rows in blocks by its definition, in Double.
struct AttentionTwin: Sendable {
  var rows: Int
  var keyRows: Int
  var heads: Int
  var keyValueHeads: Int
  var dimension: Int
  var blocks: [AttentionBlock]

  var scale: Double { 1 / Double(dimension).squareRoot() }

  /// The keys that a row sees.
  func seen(by row: Int) -> [Int] {
    blocks.filter { $0.queries.contains(row) }.flatMap { block in
      block.isCausal
        ? Array(block.keys.prefix(max(0, block.keys.count - (block.queries.upperBound - 1 - row)))) : Array(block.keys)
    }
  }

  func output(_ q: [Double], _ k: [Double], _ v: [Double]) -> [Double] {
    var out = [Double](repeating: 0, count: q.count)
    forEachRow(q, k) { seen, weights, place, keyPlace in
      for (key, weight) in zip(seen, weights) {
        for d in 0..<dimension { out[place + d] += weight * v[keyPlace(key) + d] }
      }
    }
    return out
  }

  /// The gradients for that of the output.
  func gradients(_ q: [Double], _ k: [Double], _ v: [Double], _ gradient: [Double]) -> [[Double]] {
    var (dq, dk, dv) = (q.map { _ in 0.0 }, k.map { _ in 0.0 }, v.map { _ in 0.0 })
    forEachRow(q, k) { seen, weights, place, keyPlace in
      let slopes = seen.map { key in (0..<dimension).reduce(0) { $0 + gradient[place + $1] * v[keyPlace(key) + $1] } }
      let mean = zip(weights, slopes).reduce(0) { $0 + $1.0 * $1.1 }
      for (index, key) in seen.enumerated() {
        let change = weights[index] * (slopes[index] - mean) * scale
        for d in 0..<dimension {
          dq[place + d] += change * k[keyPlace(key) + d]
          dk[keyPlace(key) + d] += change * q[place + d]
          dv[keyPlace(key) + d] += weights[index] * gradient[place + d]
        }
      }
    }
    return [dq, dk, dv]
  }

  private func forEachRow(
    _ q: [Double], _ k: [Double],
    _ body: (_ seen: [Int], _ weights: [Double], _ place: Int, _ keyPlace: (Int) -> Int) -> Void
  ) {
    for row in 0..<rows {
      let seen = seen(by: row)
      for head in 0..<heads {
        let place = (row * heads + head) * dimension
        let keyPlace = { (key: Int) in (key * keyValueHeads + head * keyValueHeads / heads) * dimension }
        let scores = seen.map { key in
          (0..<dimension).reduce(0) { $0 + q[place + $1] * k[keyPlace(key) + $1] } * scale
        }
        let most = scores.max() ?? 0
        let exponentials = scores.map { exp($0 - most) }
        let sum = exponentials.reduce(0, +)
        body(seen, exponentials.map { $0 / sum }, place, keyPlace)
      }
    }
  }
}

extension AttentionTwin {
  /// Random queries, keys, values and a gradient of the output.
  func example(seed: UInt64) -> AttentionExample {
    var random = RandomNumbers(seed: seed)
    return AttentionExample(
      shape: self, queries: random.tensor([rows, heads * dimension], scale: 2),
      keys: random.tensor([keyRows, keyValueHeads * dimension]),
      values: random.tensor([keyRows, keyValueHeads * dimension]),
      gradient: random.tensor([rows, heads * dimension]))
  }

  /// A prompt, and completions that see it and themselves.
  static func tree(
    prompt: Int, completions: [Int], heads: Int, keyValueHeads: Int, dimension: Int
  ) -> AttentionTwin {
    let rows = prompt + completions.reduce(0, +)
    var blocks = [
      AttentionBlock(queries: 0..<prompt, keys: 0..<prompt, isCausal: true),
      AttentionBlock(queries: prompt..<rows, keys: 0..<prompt, isCausal: false),
    ]
    var first = prompt
    for count in completions {
      blocks.append(AttentionBlock(queries: first..<first + count, keys: first..<first + count, isCausal: true))
      first += count
    }
    return AttentionTwin(
      rows: rows, keyRows: rows, heads: heads, keyValueHeads: keyValueHeads, dimension: dimension, blocks: blocks)
  }
}

/// An attention to compute.
struct AttentionExample {
  let shape: AttentionTwin
  let queries: Tensor
  let keys: Tensor
  let values: Tensor
  let gradient: Tensor

  /// The output, and the gradients of queries, keys and values where they are `trained`.
  func run(trained: [Bool] = [true, true, true]) -> (output: Tensor, gradients: [Tensor?]) {
    let variables = zip([queries, keys, values], trained).map { Variable($0, needsGradient: $1) }
    let tape = Tape()
    let output = tape.attention(
      queries: variables[0], keys: variables[1], values: variables[2], heads: shape.heads,
      keyValueHeads: shape.keyValueHeads, blocks: shape.blocks, scale: Float(shape.scale))
    output.accumulate(gradient)
    tape.backward()
    return (output.value, variables.map(\.gradient))
  }

  /// The largest difference of output and gradients from the twin's, over their largest elements.
  func largestDifference() -> Double {
    let (output, gradients) = run()
    let (q, k, v) = (double(queries), double(keys), double(values))
    let differences = zip(gradients, shape.gradients(q, k, v, double(gradient))).map { gradient, expected in
      gradient.map { relativeDifference(double($0), expected) } ?? .infinity
    }
    return max(relativeDifference(double(output), shape.output(q, k, v)), differences.max() ?? .infinity)
  }

  private func double(_ tensor: Tensor) -> [Double] { tensor.values.map(Double.init) }
}
