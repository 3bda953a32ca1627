import CKernels

/// The memory in which one thread computes one tile of queries after the other.
final class AttentionWorkspace {
  /// How many positions of the block at hand each query sees.
  let visible: UnsafeMutablePointer<Int64>

  private let dimension: Int
  private let width: Int
  private var count = 0
  private let queries: UnsafeMutablePointer<Float>
  private let scores: UnsafeMutablePointer<Float>
  private let output: UnsafeMutablePointer<Float>
  private let maximum: UnsafeMutablePointer<Float>
  private let sum: UnsafeMutablePointer<Float>
  private let memory: UnsafeMutableRawPointer

  private static let chunk = transformer_attention_chunk
  private static let panel = transformer_key_panel

  /// Room for `rows` queries.
  init(rows: Int, dimension: Int) {
    self.dimension = dimension
    width = (dimension + Self.panel - 1) / Self.panel * Self.panel
    // A multiple of 16, so that each of the parts below starts at a 64-byte boundary.
    let capacity = max(16, (rows + 15) / 16 * 16)
    let floats = capacity * (2 * width + Self.chunk + Self.panel + 1)
    memory = .allocate(byteCount: floats * 4 + capacity * 8, alignment: 64)
    output = memory.bindMemory(to: Float.self, capacity: floats)
    queries = output + capacity * width
    scores = queries + capacity * width
    sum = scores + capacity * Self.chunk
    maximum = sum + capacity * Self.panel
    visible = (memory + floats * 4).bindMemory(to: Int64.self, capacity: capacity)
  }

  deinit { memory.deallocate() }

  /// Begins a tile without queries.
  func reset() { count = 0 }

  /// Appends `members` queries of each of `rows` rows, `stride` elements apart from `source` on, times `scale`.
  func append(rows: Int, members: Int, stride: Int, source: UnsafePointer<Float>, scale: Float) {
    transformer_load_queries(source, stride, rows, members * dimension, scale, queries + count * dimension)
    let added = rows * members
    (output + count * width).update(repeating: 0, count: added * width)
    (sum + count * Self.panel).update(repeating: 0, count: added * Self.panel)
    (maximum + count).update(repeating: -.infinity, count: added)
    count += added
  }

  /// Adds the positions of a block to the sums of some queries, as many as ``visible`` says.
  func attend(_ range: Range<Int>, keys: UnsafePointer<Float>, values: UnsafePointer<Float>) {
    var attention = attention(range)
    transformer_attend(&attention, keys, values)
  }

  /// Writes the results of `rows * members` queries from `first` on, as ``append`` reads queries.
  func finish(from first: Int, rows: Int, members: Int, stride: Int, target: UnsafeMutablePointer<Float>) {
    var attention = attention(0..<count)
    transformer_store_results(&attention, first, rows, members, stride, target)
  }

  private func attention(_ range: Range<Int>) -> transformer_attention {
    let start = range.lowerBound
    return transformer_attention(
      rows: range.count, dimension: dimension, width: width, queries: queries + start * dimension,
      visible: visible + start, scores: scores + start * Self.chunk, maximum: maximum + start,
      sum: sum + start * Self.panel, output: output + start * width)
  }
}
