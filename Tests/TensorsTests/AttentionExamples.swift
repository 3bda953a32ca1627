import Foundation

@testable import Tensors

/// The sequences of a step: for each the lengths of its blocks and how many rows of the last are new; a block of the
/// same name is the same object.
struct AttentionShape: Sendable {
  var heads: Int
  var group: Int
  var dimension: Int
  var sequences: [(blocks: [(name: String, length: Int)], rows: Int)]

  static let all: [AttentionShape] = [
    AttentionShape(heads: 1, group: 1, dimension: 16, sequences: [([("a", 1)], 1)]),
    AttentionShape(heads: 2, group: 7, dimension: 64, sequences: [([("a", 150)], 150)]),
    AttentionShape(heads: 2, group: 4, dimension: 80, sequences: [([("a", 129)], 1), ([("b", 300)], 3)]),
    AttentionShape(heads: 3, group: 1, dimension: 128, sequences: [([("a", 260)], 1), ([("b", 17)], 17)]),
    AttentionShape(
      heads: 2, group: 3, dimension: 16,
      sequences: [
        ([("p", 140), ("a", 1)], 1), ([("x", 9)], 2), ([("p", 140), ("b", 33)], 5), ([("p", 140), ("q", 20)], 0),
        ([("p", 140), ("r", 7), ("c", 3)], 2), ([("p", 140), ("r", 7), ("d", 12)], 1), ([("y", 1)], 1),
      ]),
    AttentionShape(
      heads: 2, group: 1, dimension: 8,
      sequences: (0..<90).map { ([("p", 50), ("own \($0)", 1 + $0 % 20)], 1) }),
    AttentionShape(heads: 1, group: 70, dimension: 4, sequences: [([("a", 5)], 5)]),
    AttentionShape(heads: 1, group: 2, dimension: 6, sequences: [([("p", 10), ("a", 6)], 8)]),
  ]
}

/// Random queries, keys and values of a shape.
struct CausalExample {
  let shape: AttentionShape
  let queries: Tensor
  let batch: [AttentionRows]
  private let scale: Float
  private let chains: [(keys: Tensor, values: Tensor)]

  init(_ shape: AttentionShape, seed: UInt64) {
    var random = RandomNumbers(seed: seed)
    let columns = shape.heads * shape.dimension
    var held: [String: (block: KeyValueBlock, keys: Tensor, values: Tensor)] = [:]
    var (batch, start): ([AttentionRows], Int) = ([], 0)
    var chains: [(keys: Tensor, values: Tensor)] = []
    for sequence in shape.sequences {
      for (name, length) in sequence.blocks where held[name] == nil {
        let (keys, values) = (random.tensor([length, columns]), random.tensor([length, columns]))
        let block = KeyValueBlock(heads: shape.heads, dimension: shape.dimension, capacity: length / 3)
        block.append(keys: keys, values: values, rows: 0..<length / 2)
        block.append(keys: keys, values: values, rows: length / 2..<length)
        held[name] = (block, keys, values)
      }
      let parts = sequence.blocks.map { held[$0.name]! }
      batch.append(AttentionRows(rows: start..<start + sequence.rows, blocks: parts.map(\.block)))
      let rows = parts.reduce(0) { $0 + $1.keys.rows }
      chains.append(
        (
          Tensor(parts.flatMap(\.keys.values), shape: [rows, columns]),
          Tensor(parts.flatMap(\.values.values), shape: [rows, columns])
        ))
      start += sequence.rows
    }
    self.shape = shape
    self.batch = batch
    self.chains = chains
    queries = random.tensor([start, columns * shape.group], scale: 2)
    scale = 1 / Float(shape.dimension).squareRoot()
  }

  /// The attention of all sequences, or of one.
  func attention(only index: Int? = nil) -> Tensor {
    causalAttention(
      queries: queries, heads: shape.heads * shape.group, keyValueHeads: shape.heads,
      batch: index.map { [batch[$0]] } ?? batch, scale: scale)
  }

  /// The same, computed row by row in float64.
  func plain() -> Tensor {
    let plain = PlainAttention(heads: shape.heads, group: shape.group, dimension: shape.dimension, scale: scale)
    let values = zip(batch, chains).flatMap { sequence, chain in
      let total = chain.keys.rows
      let seen = sequence.rows.map { total - sequence.rows.upperBound + $0 + 1 }
      return plain(queries.rows(sequence.rows), chain.keys, chain.values, seen: seen).values
    }
    return Tensor(values, shape: queries.shape)
  }
}

/// Attention by its definition, in float64.
struct PlainAttention {
  let heads: Int
  let group: Int
  let dimension: Int
  let scale: Float

  /// `queries` `[rows, heads * group * dimension]` over the first `seen[row]` of `keys` and `values`.
  func callAsFunction(_ queries: Tensor, _ keys: Tensor, _ values: Tensor, seen: [Int]) -> Tensor {
    let (q, k, v) = (queries.values, keys.values, values.values)
    var out = [Float](repeating: 0, count: q.count)
    for row in 0..<queries.rows {
      for head in 0..<heads * group {
        let query = (row * heads * group + head) * dimension
        let place = { (position: Int) in (position * heads + head / group) * dimension }
        let scores = (0..<seen[row]).map { position in
          (0..<dimension).reduce(0.0) { $0 + Double(q[query + $1]) * Double(k[place(position) + $1]) } * Double(scale)
        }
        let most = scores.max() ?? 0
        let weights = scores.map { exp($0 - most) }
        let sum = weights.reduce(0, +)
        for d in 0..<dimension {
          let total = weights.indices.reduce(0.0) { $0 + weights[$1] * Double(v[place($1) + d]) }
          out[query + d] = Float(total / sum)
        }
      }
    }
    return Tensor(out, shape: queries.shape)
  }
}
