/// Rows of one sequence in a step: consecutive positions, the last of its chain of keys and values.
public struct AttentionRows {
  /// Which rows of the step's queries.
  public var rows: Range<Int>
  /// The keys and values of all positions up to these rows' own, in order; a prefix shared with other sequences first.
  public var blocks: [KeyValueBlock]

  public init(rows: Range<Int>, blocks: [KeyValueBlock]) {
    self.rows = rows
    self.blocks = blocks
  }
}

/// Attention of each row to the positions up to its own, with fewer heads of keys than of queries if need be.
///
/// `queries` is `[rows, heads * dimension]`; query heads `k * heads / keyValueHeads` onwards look at key head k. Row
/// `rows.lowerBound + i` of a sequence sees the first `total - rows.count + i + 1` positions of its blocks, which hold the
/// keys of these rows already. Rows in no sequence are zero. Scores are multiplied by `scale`.
///
/// A row's result does not depend on the other rows, to the bit. Blocks that several sequences begin with are read once
/// for many of them.
public func causalAttention(
  queries: Tensor, heads: Int, keyValueHeads: Int, batch: [AttentionRows], scale: Float
) -> Tensor {
  precondition(heads > 0 && keyValueHeads > 0 && heads % keyValueHeads == 0, "\(heads) heads over \(keyValueHeads)")
  precondition(queries.columns % heads == 0, "\(queries.columns) columns for \(heads) heads")
  let group = heads / keyValueHeads
  let sequences = batch.map { sequence in
    precondition(
      sequence.rows.lowerBound >= 0 && sequence.rows.upperBound <= queries.rows,
      "rows \(sequence.rows) of \(queries.rows)")
    return AttentionSequence(
      rows: sequence.rows, blocks: sequence.blocks,
      seen: sequence.blocks.reduce(0) { $0 + $1.count } - sequence.rows.count + 1, step: 1)
  }
  precondition(sequences.allSatisfy { $0.rows.isEmpty || $0.seen >= 1 }, "rows whose own keys are not stored")
  let tiles = AttentionTile.tiles(for: sequences, group: group)
  return AttentionPass(queries: queries, heads: heads, keyValueHeads: keyValueHeads, scale: scale)
    .run(tiles, sequences)
}

/// Attention of each row to all rows of its segment.
///
/// `queries`, `keys` and `values` are `[rows, heads * dimension]`; the segments do not overlap, and rows in none are
/// zero. Scores are multiplied by `scale`. A segment's result does not depend on the others, to the bit.
public func segmentAttention(
  queries: Tensor, keys: Tensor, values: Tensor, heads: Int, segments: [Range<Int>], scale: Float
) -> Tensor {
  precondition(queries.shape == keys.shape && queries.shape == values.shape, "\(queries.shape) and \(keys.shape)")
  precondition(heads > 0 && queries.columns % heads == 0, "\(queries.columns) columns for \(heads) heads")
  let sequences = segments.filter { !$0.isEmpty }.map { segment in
    let block = KeyValueBlock(heads: heads, dimension: queries.columns / heads, capacity: segment.count)
    block.append(keys: keys, values: values, rows: segment)
    return AttentionSequence(rows: segment, blocks: [block], seen: segment.count, step: 0)
  }
  let tiles = AttentionTile.tiles(for: sequences, group: 1)
  return AttentionPass(queries: queries, heads: heads, keyValueHeads: heads, scale: scale).run(tiles, sequences)
}
