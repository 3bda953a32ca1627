/// Rows of queries that see rows of keys.
public struct AttentionBlock: Hashable, Sendable {
  public var queries: Range<Int>
  public var keys: Range<Int>
  /// Whether the last query sees all keys and each one before it one fewer, instead of all of them all.
  public var isCausal: Bool

  public init(queries: Range<Int>, keys: Range<Int>, isCausal: Bool) {
    self.queries = queries
    self.keys = keys
    self.isCausal = isCausal
  }

  /// How many keys the row of a query sees, if they were as many as need be; below 1 it is none.
  func seen(by row: Int) -> Int { isCausal ? keys.count - (queries.upperBound - 1 - row) : keys.count }
}

/// Blocks that share queries or keys with each other and none with others.
struct AttentionComponent {
  private(set) var blocks: [AttentionBlock]
  /// The rows of all queries of the blocks, without gaps one after the other.
  let queries: PackedRows
  let keys: PackedRows

  private init(_ blocks: [AttentionBlock]) {
    self.blocks = blocks
    queries = PackedRows(blocks.map(\.queries))
    keys = PackedRows(blocks.map(\.keys))
  }

  /// The components of blocks, of which no two may show the same key to the same query.
  static func all(_ blocks: [AttentionBlock]) -> [AttentionComponent] {
    let blocks = blocks.filter { !$0.queries.isEmpty && !$0.keys.isEmpty }
    var groups = DisjointGroups(count: blocks.count)
    for rows in [blocks.map(\.queries), blocks.map(\.keys)] {
      var (end, last): (Int, Int?) = (0, nil)
      for index in rows.indices.sorted(by: { rows[$0].lowerBound < rows[$1].lowerBound }) {
        if let last, rows[index].lowerBound < end { groups.join(last, index) }
        (end, last) = (max(end, rows[index].upperBound), index)
      }
    }
    var members: [Int: [AttentionBlock]] = [:]
    var order: [Int] = []
    for (index, block) in blocks.enumerated() {
      let group = groups.group(of: index)
      if members[group] == nil { order.append(group) }
      members[group, default: []].append(block)
    }
    return order.compactMap { members[$0].map(AttentionComponent.init) }
  }
}

/// Rows of a matrix, packed without the ones between.
struct PackedRows {
  /// Disjoint ranges in order, and the place of the first row of each.
  let parts: [(rows: Range<Int>, place: Int)]
  let count: Int

  init(_ rows: [Range<Int>]) {
    var count = 0
    parts = RangeSet(rows).ranges.map { range in
      defer { count += range.count }
      return (range, count)
    }
    self.count = count
  }

  /// The place of a row that is among them.
  func place(of row: Int) -> Int {
    var (low, high) = (0, parts.count)
    while high - low > 1 {
      let middle = (low + high) / 2
      if parts[middle].rows.lowerBound <= row { low = middle } else { high = middle }
    }
    return parts[low].place + row - parts[low].rows.lowerBound
  }
}

/// Which of some things belong together (union-find).
private struct DisjointGroups {
  private var parents: [Int]

  init(count: Int) { parents = Array(0..<count) }

  mutating func group(of index: Int) -> Int {
    var index = index
    while parents[index] != index {
      parents[index] = parents[parents[index]]
      index = parents[index]
    }
    return index
  }

  mutating func join(_ a: Int, _ b: Int) { parents[group(of: b)] = group(of: a) }
}
