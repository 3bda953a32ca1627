import CKernels

/// Elements left out at random: each by a hash of a key, its row's number and its column, so that the same are left out
/// when a layer is computed again, or for other rows at the same time.
struct Dropout {
  private let settings: training_dropout
  /// The number of each row; nil for those from 0 on.
  private let rows: [Int]?

  /// Leaves out about `share` of the elements, 0 to less than 1, and multiplies the others with 1 / (1 - share).
  init(share: Float, seed: UInt64, name: String, rows: [Int]? = nil) {
    precondition(share >= 0 && share < 1, "dropout of a share of \(share)")
    settings = training_dropout(
      key: Self.mixed(seed ^ Self.hash(name)), threshold: UInt32(share * 0x1p32), scale: 1 / (1 - share))
    self.rows = rows
  }

  func callAsFunction(_ x: Tensor) -> Tensor {
    var result = Tensor.unfilled(x.shape)
    guard let source = x.address, let target = result.fillingAddress else { return result }
    forEachRun(of: x) { start, count, number in
      training_drop(source + start, count, number, settings, target + start)
    }
    withExtendedLifetime(x) {}
    return result
  }

  /// Adds what is kept of `gradient` to `sum`.
  func add(_ gradient: Tensor, to sum: UnsafeMutablePointer<Float>) {
    gradient.withUnsafeElements { elements in
      guard let source = elements.baseAddress else { return }
      forEachRun(of: gradient) { start, count, number in
        training_add_dropped(source + start, count, number, settings, sum + start)
      }
    }
  }

  /// Calls `body` with the first of some elements, their count, and the number of the first, from which theirs go on.
  private func forEachRun(of x: Tensor, _ body: (_ start: Int, _ count: Int, _ number: Int) -> Void) {
    guard let rows else {
      return LoopSplit.forEach(x.count, elementsEach: 1) { body($0.lowerBound, $0.count, $0.lowerBound) }
    }
    let columns = x.columns
    precondition(rows.count == x.matrixRows, "\(rows.count) numbers for \(x.matrixRows) rows")
    LoopSplit.forEach(rows.count, elementsEach: columns) { range in
      for row in range { body(row * columns, columns, rows[row] * columns) }
    }
  }

  /// FNV-1a of the name's UTF-8 bytes (Fowler, Noll and Vo).
  private static func hash(_ name: String) -> UInt64 {
    name.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
  }

  /// The last step of SplitMix64 (Steele, Lea and Flood 2014).
  private static func mixed(_ x: UInt64) -> UInt64 {
    var x = x &+ 0x9e37_79b9_7f4a_7c15
    x = (x ^ x >> 30) &* 0xbf58_476d_1ce4_e5b9
    x = (x ^ x >> 27) &* 0x94d0_49bb_1331_11eb
    return x ^ x >> 31
  }
}
