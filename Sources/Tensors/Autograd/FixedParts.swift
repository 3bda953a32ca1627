extension MatrixMultiplication {
  /// The product in parts of about equal size, for the threads.
  ///
  /// They follow from the shape and the machine: whoever computes them and whatever else runs, the result is the same
  /// to the bit.
  func fixedParts() -> [MatrixMultiplication] {
    guard rows > 0, columns > 0 else { return [] }
    let count = FixedParts.count(work: rows * columns * max(1, inner), most: max(1, rows * columns / 4_096))
    // Each part copies what it needs of both operands: the fewer numbers the better.
    let splits = sequence(first: 1) { $0 < count ? $0 * 2 : nil }.map { (rows: $0, columns: count / $0) }
    let best = splits.min { copied($0) < copied($1) } ?? (1, 1)
    return FixedParts.ranges(rows, count: best.rows, multiple: 16).flatMap { rows in
      FixedParts.ranges(columns, count: best.columns, multiple: 16).map { part(rows: rows, columns: $0) }
    }
  }

  /// The numbers that the parts of a split copy for each step of the inner axis.
  private func copied(_ split: (rows: Int, columns: Int)) -> Int {
    rows * split.columns + columns * split.rows
  }
}

/// How work is divided in a way that does not depend on timing or on the limit of threads.
enum FixedParts {
  /// The number of parts for `work` multiplications, a power of two: enough for the threads of all cores to end
  /// together, few enough for a part to be worth it.
  static func count(work: Int, most: Int) -> Int {
    let wanted = max(1, min(4 * max(2, Parallel.cores), work >> 18, most))
    return 1 << (Int.bitWidth - 1 - wanted.leadingZeroBitCount)
  }

  /// About `count` ranges, each but the last of a multiple of `multiple`, that cover `0..<length`.
  static func ranges(_ length: Int, count: Int, multiple: Int) -> [Range<Int>] {
    let share = (length + count - 1) / max(1, count)
    let size = max(1, (share + multiple - 1) / multiple) * multiple
    return stride(from: 0, to: length, by: size).map { $0..<min($0 + size, length) }
  }
}
