/// Two sequences of words or characters as small numbers, equal where the units are: what the alignment works on.
struct UnitCodes {
  /// The number of different units of the reference; a unit of the hypothesis that is none of them has this code.
  private(set) var kinds = 0
  private(set) var reference: [Int32] = []
  private(set) var hypothesis: [Int32] = []

  init<Unit: Hashable>(reference: some Collection<Unit>, hypothesis: some Collection<Unit>) {
    var codes: [Unit: Int32] = [:]
    self.reference.reserveCapacity(reference.count)
    for unit in reference {
      let code = codes[unit, default: Int32(codes.count)]
      codes[unit] = code
      self.reference.append(code)
    }
    kinds = codes.count
    self.hypothesis = hypothesis.map { codes[$0] ?? Int32(kinds) }
  }
}

/// Where each unit stands in a reference: for each block of 64 positions that holds it, the bits of those positions.
///
/// Only blocks that are not empty are kept, so the size grows with the reference and not with the kinds of units too.
struct UnitPositions {
  struct Entry {
    var block: Int32
    var bits: UInt64
  }

  private var starts: [Int32]
  private(set) var entries: [Entry] = []

  init(of reference: some Sequence<Int32>, kinds: Int) {
    var blocks = [[Entry]](repeating: [], count: kinds)
    for (position, code) in reference.enumerated() {
      let (block, bit) = (Int32(position / 64), UInt64(1) << UInt64(position % 64))
      let last = blocks[Int(code)].count - 1
      if last >= 0, blocks[Int(code)][last].block == block {
        blocks[Int(code)][last].bits |= bit
      } else {
        blocks[Int(code)].append(Entry(block: block, bits: bit))
      }
    }
    starts = [0]
    starts.reserveCapacity(kinds + 2)
    for entries in blocks {
      self.entries += entries
      starts.append(Int32(self.entries.count))
    }
    starts.append(Int32(entries.count))
  }

  /// The entries of a unit, by rising block. `code` may be the one that stands for no unit of the reference.
  func range(of code: Int32) -> Range<Int> { Int(starts[Int(code)])..<Int(starts[Int(code) + 1]) }

  /// The first entry of a unit whose block is `block` or a later one, or the end of its range.
  func firstEntry(of code: Int32, from block: Int) -> Int {
    var range = range(of: code)
    while !range.isEmpty {
      let middle = range.lowerBound + range.count / 2
      if Int(entries[middle].block) < block {
        range = (middle + 1)..<range.upperBound
      } else {
        range = range.lowerBound..<middle
      }
    }
    return range.lowerBound
  }
}
