extension Tape {
  /// Attention of each row to the union of the keys of its blocks, with fewer heads of keys than of queries if need be.
  ///
  /// `queries` is `[rows, heads * dimension]`, `keys` and `values` are `[rows, keyValueHeads * dimension]`; query heads
  /// `k * heads / keyValueHeads` onwards look at key head k. Scores are multiplied by `scale`. Rows that see nothing
  /// are zero. No two blocks may share a query and a key; blocks with the same keys are cheaper as one where their
  /// queries adjoin. No attention weights are kept for the way back, which takes working memory for one head a thread.
  public func attention(
    queries: Variable, keys: Variable, values: Variable, heads: Int, keyValueHeads: Int, blocks: [AttentionBlock],
    scale: Float
  ) -> Variable {
    let (q, k, v) = (queries.value, keys.value, values.value)
    precondition(
      heads > 0 && keyValueHeads > 0 && heads % keyValueHeads == 0, "\(heads) heads over \(keyValueHeads)")
    precondition(q.columns % heads == 0, "\(q.columns) columns for \(heads) heads")
    precondition(
      k.shape == v.shape && k.columns == q.columns / heads * keyValueHeads,
      "keys of \(k.shape) and values of \(v.shape) for queries of \(q.shape)")
    for block in blocks {
      precondition(
        block.queries.lowerBound >= 0 && block.queries.upperBound <= q.rows && block.keys.lowerBound >= 0
          && block.keys.upperBound <= k.rows, "\(block) of \(q.rows) queries and \(k.rows) keys")
    }
    let forward = AttentionForward(queries: q, heads: heads, keyValueHeads: keyValueHeads, scale: scale)
    let (output, logSums) = forward(keys: k, values: v, blocks: blocks)
    let needsGradient = queries.needsGradient || keys.needsGradient || values.needsGradient
    return result(output, needsGradient: needsGradient) {
      [queries = queries.sink, keys = keys.sink, values = values.sink] gradient in
      let wanted = (queries.needsGradient, keys.needsGradient, values.needsGradient)
      let backward = AttentionGradient(
        queries: q, keys: k, values: v, output: output, logSums: logSums, gradient: gradient, heads: heads,
        keyValueHeads: keyValueHeads, scale: scale, wanted: wanted)
      let change = backward(blocks)
      if wanted.0 { queries.accumulate(change.queries) }
      if wanted.1 { keys.accumulate(change.keys) }
      if wanted.2 { values.accumulate(change.values) }
    }
  }
}
