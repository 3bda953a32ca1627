/// The table of edit distances between the beginnings of two sequences, row by row, 64 cells at a time.
///
/// Cell (r, c) is the distance between the first r units of the hypothesis and the first c of the reference. A row is
/// held as the differences between neighbours: `up` has a bit where a cell is one more than the cell to its left, `down`
/// where it is one less (Myers, JACM 46, 1999, in the form of Hyyrö, 2003). Only the blocks are computed that a way of at
/// most `bound` edits can pass (Ukkonen, 1985); the values of other cells are never too small, and cells of such a way
/// are exact.
struct EditRows {
  private let positions: UnitPositions
  private let columns: Int
  private let bound: Int
  private(set) var up: [UInt64]
  private(set) var down: [UInt64]
  /// The blocks that the last row has, and the value of the cell before the first of them.
  private(set) var blocks: Range<Int>
  private(set) var valueBefore = 0
  private(set) var row = 0

  init(positions: UnitPositions, columns: Int, bound: Int) {
    self.positions = positions
    self.columns = columns
    self.bound = bound
    let count = (columns + 63) / 64
    up = Array(repeating: .max, count: count)
    down = Array(repeating: 0, count: count)
    blocks = 0..<Swift.min(count, bound / 64 + 1)
  }

  /// Computes the next row, that of the hypothesis' unit `code`.
  mutating func advance(by code: Int32) {
    row += 1
    moveBand()
    // Left of the band a way goes straight on: each row adds one.
    valueBefore += 1
    var entry = positions.firstEntry(of: code, from: blocks.lowerBound)
    let end = positions.range(of: code).upperBound
    var carry = (up: UInt64(1), down: UInt64(0))
    for block in blocks {
      var matches: UInt64 = 0
      if entry < end, Int(positions.entries[entry].block) == block {
        matches = positions.entries[entry].bits
        entry += 1
      }
      carry = advance(block, matches: matches, carry: carry)
    }
  }

  /// Computes 64 cells of a row from those above. `carry` tells by how much the cell before them rose or fell from the
  /// row above; that of the last of them is returned.
  @inline(__always)
  private mutating func advance(_ block: Int, matches: UInt64, carry: (up: UInt64, down: UInt64))
    -> (up: UInt64, down: UInt64)
  {
    let (above, below) = (up[block], down[block])
    let joined = matches | carry.down
    let diagonal = (((joined & above) &+ above) ^ above) | joined | below
    let rises = below | ~(diagonal | above)
    let falls = above & diagonal
    let risesBefore = rises << 1 | carry.up
    up[block] = (falls << 1 | carry.down) | ~(diagonal | risesBefore)
    down[block] = risesBefore & diagonal
    return (rises >> 63, falls >> 63)
  }

  /// Drops blocks that lie too far left of the diagonal, and takes in those that come within reach on the right.
  private mutating func moveBand() {
    let first = Swift.max(0, row - bound - 1) / 64
    let end = Swift.min(up.count, (row + bound) / 64 + 1)
    while blocks.lowerBound < Swift.min(first, blocks.upperBound - 1) {
      let block = blocks.lowerBound
      valueBefore += up[block].nonzeroBitCount - down[block].nonzeroBitCount
      blocks = (block + 1)..<blocks.upperBound
    }
    if end > blocks.upperBound { blocks = blocks.lowerBound..<end }
  }

  /// The value of the last row's last cell. Exact where it is at most `bound`; nil where the band ends before it.
  var last: Int? {
    guard blocks.upperBound == up.count else { return nil }
    return values().last
  }

  /// The values of the last row's cells, from the one before the first block on.
  func values() -> [Int] {
    var values = [valueBefore]
    values.reserveCapacity(blocks.count * 64 + 1)
    for column in (blocks.lowerBound * 64)..<Swift.min(columns, blocks.upperBound * 64) {
      let (block, bit) = (column / 64, UInt64(column % 64))
      values.append(values[values.count - 1] + Int(up[block] >> bit & 1) - Int(down[block] >> bit & 1))
    }
    return values
  }
}
