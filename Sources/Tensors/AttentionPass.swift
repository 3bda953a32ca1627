import CKernels

/// The attention of one layer in one step.
struct AttentionPass {
  /// `[rows, heads * dimension]`.
  let queries: Tensor
  let heads: Int
  let keyValueHeads: Int
  let scale: Float

  private var group: Int { heads / keyValueHeads }
  private var dimension: Int { queries.columns / heads }

  /// The results of all rows, `[rows, heads * dimension]`.
  func run(_ tiles: [AttentionTile], _ sequences: [AttentionSequence]) -> Tensor {
    precondition(
      sequences.allSatisfy { $0.blocks.allSatisfy { $0.heads == keyValueHeads && $0.dimension == dimension } },
      "keys of other heads than \(keyValueHeads) of \(dimension) elements")
    let covered = sequences.reduce(0) { $0 + $1.rows.count }
    return queries.withUnsafeElements { source in
      Tensor(shape: queries.shape) { target in
        if covered < queries.rows { target.update(repeating: 0) }
        guard let source = source.baseAddress, let target = target.baseAddress else { return }
        Parallel.forEach(tiles.count * keyValueHeads, grain: 1) { items in
          let work = AttentionWorkspace(
            rows: tiles.map(\.count).max().map { $0 * group } ?? 0, dimension: dimension)
          for item in items {
            let tile = tiles[item % tiles.count]
            let head = item / tiles.count
            run(tile, sequences, head: head, work, source: source, target: target)
          }
        }
      }
    }
  }

  /// Computes one tile for the query heads of one head of keys.
  private func run(
    _ tile: AttentionTile, _ sequences: [AttentionSequence], head: Int, _ work: AttentionWorkspace,
    source: UnsafePointer<Float>, target: UnsafeMutablePointer<Float>
  ) {
    let (columns, first) = (heads * dimension, head * group * dimension)
    work.reset()
    for part in tile.parts {
      work.append(
        rows: part.rows.count, members: group, stride: columns,
        source: source + part.rows.lowerBound * columns + first, scale: scale)
    }
    attend(tile.parts[...], from: 0, level: 0, sequences, head: head, work)
    var index = 0
    for part in tile.parts {
      work.finish(
        from: index, rows: part.rows.count, members: group, stride: columns,
        target: target + part.rows.lowerBound * columns + first)
      index += part.rows.count * group
    }
  }

  /// Goes on from block `level` of the chains of `parts`, whose queries start at `start`: those with the same block
  /// together.
  private func attend(
    _ parts: ArraySlice<AttentionTile.Part>, from start: Int, level: Int, _ sequences: [AttentionSequence], head: Int,
    _ work: AttentionWorkspace
  ) {
    var (rest, start) = (parts, start)
    while let part = rest.first {
      let blocks = sequences[part.sequence].blocks
      guard level < blocks.count else {
        start += part.rows.count * group
        rest = rest.dropFirst()
        continue
      }
      let block = blocks[level]
      let sharing = rest.prefix { other in
        let chain = sequences[other.sequence].blocks
        return level < chain.count && chain[level] === block
      }
      let queries = sharing.reduce(0) { $0 + $1.rows.count } * group
      look(at: block, sharing, from: start, level: level, sequences, head: head, work)
      attend(sharing, from: start, level: level + 1, sequences, head: head, work)
      start += queries
      rest = rest.dropFirst(sharing.count)
    }
  }

  /// Adds what one block holds to the sums of `parts`.
  private func look(
    at block: KeyValueBlock, _ parts: ArraySlice<AttentionTile.Part>, from start: Int, level: Int,
    _ sequences: [AttentionSequence], head: Int, _ work: AttentionWorkspace
  ) {
    var end = start
    for part in parts {
      let sequence = sequences[part.sequence]
      let before = sequence.blocks.prefix(level).reduce(0) { $0 + $1.count }
      for row in part.rows {
        let seen = sequence.seen + (row - sequence.rows.lowerBound) * sequence.step - before
        for _ in 0..<group {
          work.visible[end] = Int64(min(max(0, seen), block.count))
          end += 1
        }
      }
    }
    block.withUnsafeElements { storage in
      let layout = block.layout
      work.attend(
        start..<end, keys: storage + layout.keys(of: head), values: storage + layout.values(of: head))
    }
  }
}
