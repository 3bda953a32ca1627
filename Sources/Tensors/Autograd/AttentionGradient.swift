import CKernels

/// The attention of rows in blocks, backwards.
struct AttentionGradient {
  let queries: Tensor
  let keys: Tensor
  let values: Tensor
  /// What the way forward returned.
  let output: Tensor
  let logSums: Tensor
  /// The gradient of the output.
  let gradient: Tensor
  let heads: Int
  let keyValueHeads: Int
  let scale: Float
  /// Whose gradients are asked for.
  let wanted: (queries: Bool, keys: Bool, values: Bool)
  /// Of the instructions, as ``transformer_backward_level()``.
  var level = transformer_backward_level()

  var dimension: Int { queries.columns / heads }

  /// The gradients; empty where not asked for.
  ///
  /// Each query head of each component is computed by itself, always in the same order, so the result does not depend
  /// on the number of threads.
  func callAsFunction(_ blocks: [AttentionBlock]) -> (queries: Tensor, keys: Tensor, values: Tensor) {
    let components = AttentionComponent.all(blocks)
    var queryOut = zeros(rows: queries.rows, wanted.queries)
    // One for each query head; those of the same key are added up below.
    var keyOut = zeros(rows: keys.rows, wanted.keys)
    var valueOut = zeros(rows: values.rows, wanted.values)
    queryOut.withUnsafeMutableElements { queryOut in
      keyOut.withUnsafeMutableElements { keyOut in
        valueOut.withUnsafeMutableElements { valueOut in
          let out = Places(queries: queryOut.baseAddress, keys: keyOut.baseAddress, values: valueOut.baseAddress)
          run(components, out)
        }
      }
    }
    return (queryOut, summed(keyOut, wanted.keys), summed(valueOut, wanted.values))
  }

  /// Where the gradients go.
  private struct Places {
    let queries: UnsafeMutablePointer<Float>?
    let keys: UnsafeMutablePointer<Float>?
    let values: UnsafeMutablePointer<Float>?
  }

  private func zeros(rows: Int, _ isWanted: Bool) -> Tensor {
    Tensor(shape: [isWanted ? rows : 0, heads * dimension])
  }

  private func run(_ components: [AttentionComponent], _ out: Places) {
    let most = (components.map(\.queries.count).max() ?? 0, components.map(\.keys.count).max() ?? 0)
    Parallel.forEach(components.count * heads, grain: 1) { items in
      var work = AttentionGradientMemory(queries: most.0, keys: most.1, dimension: dimension, wanted: wanted)
      for item in items {
        run(components[item / heads], head: item % heads, &work, out)
      }
    }
  }

  /// Computes one query head of one component.
  private func run(_ component: AttentionComponent, head: Int, _ work: inout AttentionGradientMemory, _ out: Places) {
    work.use { memory in
      load(component, head: head, memory)
      for block in component.blocks {
        memory.attend(
          block, query: component.queries.place(of: block.queries.lowerBound),
          key: component.keys.place(of: block.keys.lowerBound), level: level)
      }
      store(component, head: head, memory, out)
    }
  }

  private func load(_ component: AttentionComponent, head: Int, _ memory: AttentionGradientMemory.Parts) {
    let column = head * dimension
    let keyColumn = head / (heads / keyValueHeads) * dimension
    for (rows, place) in component.queries.parts {
      memory.load(queries, rows, column: column, scale: scale, into: memory.queries, at: place)
      memory.load(gradient, rows, column: column, into: memory.gradient, at: place)
      memory.multiplyRows(of: output, gradient, rows, column: column, at: place)
      logSums.withUnsafeElements { logs in
        guard let logs = logs.baseAddress else { return }
        (memory.logSums + place).update(from: logs + head * queries.rows + rows.lowerBound, count: rows.count)
      }
    }
    for (rows, place) in component.keys.parts {
      memory.load(keys, rows, column: keyColumn, into: memory.keys, at: place)
      memory.load(values, rows, column: keyColumn, into: memory.values, at: place)
    }
    memory.clear(queries: component.queries.count, keys: component.keys.count)
  }

  private func store(
    _ component: AttentionComponent, head: Int, _ memory: AttentionGradientMemory.Parts, _ out: Places
  ) {
    let stride = heads * dimension
    for (rows, place) in component.queries.parts {
      let start = rows.lowerBound * stride + head * dimension
      memory.store(memory.queryGradient, at: place, rows.count, scale: scale, stride: stride, out.queries, at: start)
    }
    for (rows, place) in component.keys.parts {
      let start = rows.lowerBound * stride + head * dimension
      memory.store(memory.keyGradient, at: place, rows.count, scale: 1, stride: stride, out.keys, at: start)
      memory.store(memory.valueGradient, at: place, rows.count, scale: 1, stride: stride, out.values, at: start)
    }
  }

  /// The sums over the query heads of each key head.
  private func summed(_ spread: Tensor, _ isWanted: Bool) -> Tensor {
    let group = heads / keyValueHeads
    guard isWanted, group > 1 else { return spread }
    let (rows, dimension) = (spread.rows * keyValueHeads, dimension)
    return Tensor(shape: [spread.rows, keyValueHeads * dimension]) { out in
      spread.withUnsafeElements { spread in
        guard let out = out.baseAddress, let spread = spread.baseAddress else { return }
        LoopSplit.forEach(rows, elementsEach: group * dimension) { range in
          let first = range.lowerBound
          transformer_sum_members(
            spread + first * group * dimension, range.count, group, dimension, out + first * dimension)
        }
      }
    }
  }
}
