import CKernels

/// The attention of rows in blocks, forwards.
struct AttentionForward {
  /// `[rows, heads * dimension]`
  let queries: Tensor
  let heads: Int
  let keyValueHeads: Int
  let scale: Float

  private var group: Int { heads / keyValueHeads }
  private var dimension: Int { queries.columns / heads }

  /// The results, of the shape of the queries, and the logarithm of the sum of the exponentials of each row's scores,
  /// `[heads, rows]`, which means nothing for rows that see nothing.
  func callAsFunction(keys: Tensor, values: Tensor, blocks: [AttentionBlock]) -> (output: Tensor, logSums: Tensor) {
    let (tiles, covered) = tiles(blocks)
    let stored = stored(keys: keys, values: values, ranges: Set(blocks.map(\.keys)))
    var logSums = Tensor(shape: [heads, queries.rows])
    let output = Tensor(shape: queries.shape) { output in
      if covered < queries.rows { output.update(repeating: 0) }
      logSums.withUnsafeMutableElements { logSums in
        queries.withUnsafeElements { source in
          guard let source = source.baseAddress, let output = output.baseAddress, let logs = logSums.baseAddress else {
            return
          }
          Parallel.forEach(tiles.count * keyValueHeads, grain: 1) { items in
            let work = AttentionMemory(
              rows: tiles.map(\.rows.count).max().map { $0 * group } ?? 0, dimension: dimension)
            for item in items {
              let head = item / tiles.count
              run(tiles[item % tiles.count], stored, head: head, work, source: source, output: output, logs: logs)
            }
          }
        }
      }
    }
    return (output, logSums)
  }

  /// Rows that are in the same blocks.
  private struct Tile {
    var rows: Range<Int>
    var blocks: [AttentionBlock]
  }

  /// Tiles of few enough rows, and how many rows they have together.
  private func tiles(_ blocks: [AttentionBlock]) -> (tiles: [Tile], covered: Int) {
    let blocks = blocks.filter { !$0.queries.isEmpty && !$0.keys.isEmpty }
      .sorted { $0.queries.lowerBound < $1.queries.lowerBound }
    let capacity = max(1, AttentionTile.queries / group)
    var (tiles, covered, next): ([Tile], Int, Int) = ([], 0, 0)
    var open: [AttentionBlock] = []
    let bounds = Set(blocks.flatMap { [$0.queries.lowerBound, $0.queries.upperBound] }).sorted()
    for (start, end) in zip(bounds, bounds.dropFirst()) {
      open.removeAll { $0.queries.upperBound <= start }
      while next < blocks.count, blocks[next].queries.lowerBound <= start {
        for other in open {
          precondition(!other.keys.overlaps(blocks[next].keys), "keys \(blocks[next].keys) in two blocks of a row")
        }
        open.append(blocks[next])
        next += 1
      }
      guard !open.isEmpty else { continue }
      covered += end - start
      for first in stride(from: start, to: end, by: capacity) {
        tiles.append(Tile(rows: first..<min(end, first + capacity), blocks: open))
      }
    }
    return (tiles, covered)
  }

  /// The keys and values as the kernel reads them.
  private func stored(keys: Tensor, values: Tensor, ranges: Set<Range<Int>>) -> [Range<Int>: KeyValueBlock] {
    var stored: [Range<Int>: KeyValueBlock] = [:]
    for range in ranges {
      let block = KeyValueBlock(heads: keyValueHeads, dimension: dimension, capacity: range.count)
      block.append(keys: keys, values: values, rows: range)
      stored[range] = block
    }
    return stored
  }

  /// Computes one tile for the query heads of one head of keys.
  private func run(
    _ tile: Tile, _ stored: [Range<Int>: KeyValueBlock], head: Int, _ work: AttentionMemory,
    source: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>, logs: UnsafeMutablePointer<Float>
  ) {
    let (columns, rows, count) = (heads * dimension, queries.rows, tile.rows.count)
    let first = tile.rows.lowerBound * columns + head * group * dimension
    work.load(rows: count, members: group, stride: columns, source: source + first, scale: scale)
    for block in tile.blocks {
      guard let keys = stored[block.keys] else { continue }
      for (index, row) in tile.rows.enumerated() {
        let seen = Int64(min(max(0, block.seen(by: row)), block.keys.count))
        (work.visible + index * group).update(repeating: seen, count: group)
      }
      keys.withUnsafeElements { storage in
        var attention = work.attention
        transformer_attend(&attention, storage + keys.layout.keys(of: head), storage + keys.layout.values(of: head))
      }
    }
    var attention = work.attention
    transformer_store_attention(
      &attention, 0, count, group, columns, output + first, rows, logs + head * group * rows + tile.rows.lowerBound)
  }
}

/// The memory in which one thread computes one tile of queries after the other.
private final class AttentionMemory {
  /// How many keys of the block at hand each query sees.
  let visible: UnsafeMutablePointer<Int64>
  /// The queries of the tile.
  private(set) var attention: transformer_attention

  private let memory: UnsafeMutableRawPointer

  /// Room for `rows` queries.
  init(rows: Int, dimension: Int) {
    let panel = transformer_key_panel
    let chunk = transformer_attention_chunk
    let width = (dimension + panel - 1) / panel * panel
    // A multiple of 16, so that each of the parts below starts at a 64-byte boundary.
    let capacity = max(16, (rows + 15) / 16 * 16)
    let floats = capacity * (2 * width + chunk + panel + 1)
    memory = .allocate(byteCount: floats * 4 + capacity * 8, alignment: 64)
    let output = memory.bindMemory(to: Float.self, capacity: floats)
    let queries = output + capacity * width
    let scores = queries + capacity * width
    let sum = scores + capacity * chunk
    visible = (memory + floats * 4).bindMemory(to: Int64.self, capacity: capacity)
    attention = transformer_attention(
      rows: 0, dimension: dimension, width: width, queries: queries, visible: visible, scores: scores,
      maximum: sum + capacity * panel, sum: sum, output: output)
  }

  deinit { memory.deallocate() }

  /// Begins a tile with `members` queries of each of `rows` rows, `stride` elements apart, times `scale`.
  func load(rows: Int, members: Int, stride: Int, source: UnsafePointer<Float>, scale: Float) {
    let queries = UnsafeMutablePointer(mutating: attention.queries)
    transformer_load_queries(source, stride, rows, members * attention.dimension, scale, queries)
    attention.rows = rows * members
    attention.output.update(repeating: 0, count: attention.rows * attention.width)
    attention.sum.update(repeating: 0, count: attention.rows * transformer_key_panel)
    attention.maximum.update(repeating: -.infinity, count: attention.rows)
  }
}
