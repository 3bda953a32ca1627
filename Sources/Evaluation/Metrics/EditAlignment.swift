/// An alignment of two sequences with the fewest edits, counted.
///
/// Where several have the fewest, the split into substitutions, deletions and insertions depends on which is taken.
/// This one is that of rapidfuzz 3.14 (`Levenshtein.editops`), on which jiwer's counts rest: equal ends apart, from the
/// last unit back, a deletion before an insertion before a pair, and tables above a megabyte halved as Hirschberg does
/// (CACM 18, 1975). Memory is linear in the lengths; time is at most their product / 64 or so, less for similar texts.
struct EditAlignment {
  private(set) var substitutions = 0
  private(set) var deletions = 0
  private(set) var insertions = 0

  init(_ codes: UnitCodes) {
    let longest = max(codes.reference.count, codes.hypothesis.count)
    let bound = longest > 62 ? distance(codes, atMost: longest) : longest
    align(codes.reference[...], codes.hypothesis[...], bound: bound)
  }

  /// The number of edits, found by bounds that double.
  private func distance(_ codes: UnitCodes, atMost longest: Int) -> Int {
    guard !codes.reference.isEmpty, !codes.hypothesis.isEmpty else { return longest }
    let positions = UnitPositions(of: codes.reference, kinds: codes.kinds)
    var bound = min(64, longest)
    while true {
      var rows = EditRows(positions: positions, columns: codes.reference.count, bound: bound)
      for code in codes.hypothesis { rows.advance(by: code) }
      if let last = rows.last, last <= bound { return last }
      if bound == longest { return longest }
      bound = min(2 * bound, longest)
    }
  }

  /// Counts the edits of an alignment; there is one of at most `bound`.
  private mutating func align(_ reference: ArraySlice<Int32>, _ hypothesis: ArraySlice<Int32>, bound: Int) {
    let front = zip(reference, hypothesis).prefix { $0 == $1 }.count
    var (reference, hypothesis) = (reference.dropFirst(front), hypothesis.dropFirst(front))
    let back = zip(reference.reversed(), hypothesis.reversed()).prefix { $0 == $1 }.count
    (reference, hypothesis) = (reference.dropLast(back), hypothesis.dropLast(back))
    guard !reference.isEmpty, !hypothesis.isEmpty else {
      deletions += reference.count
      insertions += hypothesis.count
      return
    }

    let bound = min(bound, max(reference.count, hypothesis.count))
    let band = min(reference.count, 2 * bound + 1)
    if 2 * band * hypothesis.count / 8 < 1 << 20 || reference.count < 65 || hypothesis.count < 10 {
      traceBack(reference, hypothesis, bound: bound)
    } else {
      let cut = cut(reference, hypothesis, bound: bound)
      let middle = hypothesis.startIndex + hypothesis.count / 2
      align(reference[..<cut.column], hypothesis[..<middle], bound: cut.before)
      align(reference[cut.column...], hypothesis[middle...], bound: cut.behind)
    }
  }

  /// Where a best alignment cuts the reference when the hypothesis is cut in the middle, and its edits on either side.
  private func cut(_ reference: ArraySlice<Int32>, _ hypothesis: ArraySlice<Int32>, bound: Int)
    -> (column: Int, before: Int, behind: Int)
  {
    let half = hypothesis.count / 2
    let codes = UnitCodes(reference: reference, hypothesis: hypothesis)
    var front = EditRows(
      positions: UnitPositions(of: codes.reference, kinds: codes.kinds), columns: reference.count, bound: bound)
    for code in codes.hypothesis.prefix(half) { front.advance(by: code) }
    var back = EditRows(
      positions: UnitPositions(of: codes.reference.reversed(), kinds: codes.kinds), columns: reference.count,
      bound: bound)
    for code in codes.hypothesis.dropFirst(half).reversed() { back.advance(by: code) }

    let (fromFront, fromBack) = (front.values(), back.values())
    let (firstFront, firstBack) = (front.blocks.lowerBound * 64, back.blocks.lowerBound * 64)
    var best = (column: 0, before: bound, behind: bound)
    for (offset, before) in fromFront.enumerated() {
      let index = reference.count - firstFront - offset - firstBack
      guard fromBack.indices.contains(index), before + fromBack[index] < best.before + best.behind else { continue }
      best = (firstFront + offset, before, fromBack[index])
    }
    return (reference.startIndex + best.column, best.before, best.behind)
  }

  /// Goes back through the whole table, which is kept for that.
  private mutating func traceBack(_ reference: ArraySlice<Int32>, _ hypothesis: ArraySlice<Int32>, bound: Int) {
    let table = EditTable(UnitCodes(reference: reference, hypothesis: hypothesis), bound: bound)
    var (column, row) = (reference.count, hypothesis.count)
    while row > 0, column > 0 {
      if table.isUp(row: row, column: column) {
        deletions += 1
        column -= 1
      } else if row > 1, table.isDown(row: row - 1, column: column) {
        insertions += 1
        row -= 1
      } else {
        column -= 1
        row -= 1
        let isPair = reference[reference.startIndex + column] == hypothesis[hypothesis.startIndex + row]
        substitutions += isPair ? 0 : 1
      }
    }
    deletions += column
    insertions += row
  }
}

/// The rows of an ``EditRows``, kept.
private struct EditTable {
  private var up: [UInt64] = []
  private var down: [UInt64] = []
  /// The first block of each row, and where the row begins in `up` and `down`.
  private var rows: [(block: Int, start: Int)] = []

  init(_ codes: UnitCodes, bound: Int) {
    var current = EditRows(
      positions: UnitPositions(of: codes.reference, kinds: codes.kinds), columns: codes.reference.count, bound: bound)
    for code in codes.hypothesis {
      current.advance(by: code)
      rows.append((current.blocks.lowerBound, up.count))
      up += current.up[current.blocks]
      down += current.down[current.blocks]
    }
  }

  /// Whether the cell is one more than its left neighbour. Rows and columns count from 1.
  func isUp(row: Int, column: Int) -> Bool { bit(up, row, column) }

  /// Whether the cell is one less than its left neighbour.
  func isDown(row: Int, column: Int) -> Bool { bit(down, row, column) }

  private func bit(_ bits: [UInt64], _ row: Int, _ column: Int) -> Bool {
    let index = rows[row - 1].start + (column - 1) / 64 - rows[row - 1].block
    return bits[index] >> UInt64((column - 1) % 64) & 1 == 1
  }
}
