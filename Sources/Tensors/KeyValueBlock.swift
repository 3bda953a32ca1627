import CKernels

/// The keys and values of consecutive positions in one layer, kept head by head as the attention reads them.
///
/// @unchecked because the thread that runs a step of the model alone appends and truncates, between the attentions that
/// read.
public final class KeyValueBlock: @unchecked Sendable {
  /// The number of heads of keys and of values.
  public let heads: Int
  /// The elements of a head.
  public let dimension: Int
  /// The positions held.
  public private(set) var count = 0
  /// The positions there is room for.
  private(set) var capacity: Int
  private var storage: Tensor

  /// An empty block with room for `capacity` positions, which grows when it is full.
  public init(heads: Int, dimension: Int, capacity: Int) {
    precondition(heads > 0 && dimension > 0 && capacity >= 0, "a block of \(heads) heads of \(dimension) elements")
    self.heads = heads
    self.dimension = dimension
    self.capacity = Self.roundedUp(capacity)
    storage = Self.storage(heads: heads, dimension: dimension, capacity: self.capacity)
  }

  /// The memory taken, room for more positions included.
  public var byteCount: Int { storage.count * 4 }

  /// Appends `rows` of `keys` and of `values`, `[rows, heads * dimension]` each, as the next positions.
  public func append(keys: Tensor, values: Tensor, rows: Range<Int>) {
    let columns = heads * dimension
    precondition(keys.columns == columns && values.columns == columns, "\(keys.columns) columns, not \(columns)")
    precondition(rows.upperBound <= min(keys.rows, values.rows), "rows \(rows) of \(keys.rows)")
    guard !rows.isEmpty else { return }
    reserve(count + rows.count)
    let (first, layout) = (count, layout)
    storage.withUnsafeMutableElements { storage in
      keys.withUnsafeElements { keys in
        values.withUnsafeElements { values in
          guard let storage = storage.baseAddress, let keys = keys.baseAddress, let values = values.baseAddress else {
            return
          }
          LoopSplit.forEach(layout.heads, elementsEach: 2 * rows.count * layout.dimension) { heads in
            for head in heads {
              let offset = rows.lowerBound * columns + head * layout.dimension
              layout.store(
                keys: keys + offset, values: values + offset, rowStride: columns, count: rows.count, first: first,
                head: head, in: storage)
            }
          }
        }
      }
    }
    count += rows.count
  }

  /// Forgets the positions from `count` on.
  public func truncate(to count: Int) {
    precondition(count >= 0 && count <= self.count, "\(count) of \(self.count) positions")
    self.count = count
  }

  /// The first `count` positions; the memory is shared until one of the two is appended to.
  public func prefix(_ count: Int) -> KeyValueBlock {
    precondition(count >= 0 && count <= self.count, "\(count) of \(self.count) positions")
    return KeyValueBlock(self, count: count)
  }

  private init(_ other: KeyValueBlock, count: Int) {
    heads = other.heads
    dimension = other.dimension
    capacity = other.capacity
    storage = other.storage
    self.count = count
  }

  /// Where the heads lie in the memory.
  var layout: KeyValueLayout { KeyValueLayout(heads: heads, dimension: dimension, capacity: capacity) }

  /// Calls `body` with the memory, which is laid out as ``layout`` says.
  func withUnsafeElements(_ body: (UnsafePointer<Float>) -> Void) {
    storage.withUnsafeElements { elements in
      if let base = elements.baseAddress { body(base) }
    }
  }

  private func reserve(_ positions: Int) {
    guard positions > capacity else { return }
    let old = layout
    capacity = Self.roundedUp(max(positions, 2 * capacity))
    var grown = Self.storage(heads: heads, dimension: dimension, capacity: capacity)
    let (new, held) = (layout, Self.roundedUp(count))
    grown.withUnsafeMutableElements { target in
      storage.withUnsafeElements { source in
        guard let target = target.baseAddress, let source = source.baseAddress else { return }
        for head in 0..<heads {
          (target + new.keys(of: head)).update(from: source + old.keys(of: head), count: held * dimension)
          (target + new.values(of: head)).update(from: source + old.values(of: head), count: held * old.width)
        }
      }
    }
    storage = grown
  }

  private static func storage(heads: Int, dimension: Int, capacity: Int) -> Tensor {
    Tensor(shape: [KeyValueLayout(heads: heads, dimension: dimension, capacity: capacity).count])
  }

  private static func roundedUp(_ positions: Int) -> Int { (positions + 15) / 16 * 16 }
}

/// Where keys and values lie: for each head first its keys, in panels of 16 positions, then its values, row by row.
struct KeyValueLayout {
  let heads: Int
  let dimension: Int
  /// A multiple of 16.
  let capacity: Int

  /// The elements of a row of values: `dimension` rounded up to a multiple of 16; those at the end mean nothing.
  var width: Int { (dimension + 15) / 16 * 16 }
  /// The elements of all heads.
  var count: Int { heads * capacity * (dimension + width) }

  func keys(of head: Int) -> Int { head * capacity * (dimension + width) }
  func values(of head: Int) -> Int { keys(of: head) + capacity * dimension }

  /// Stores `count` rows of one head, which start at `keys` and `values`, as the positions from `first`.
  func store(
    keys: UnsafePointer<Float>, values: UnsafePointer<Float>, rowStride: Int, count: Int, first: Int, head: Int,
    in storage: UnsafeMutablePointer<Float>
  ) {
    transformer_store_keys(keys, rowStride, count, dimension, first, storage + self.keys(of: head))
    for row in 0..<count {
      (storage + self.values(of: head) + (first + row) * width)
        .update(from: values + row * rowStride, count: dimension)
    }
  }
}
