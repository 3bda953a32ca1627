/// Which pairs of tokens merge, in which order, and into what.
struct MergeTable: Sendable {
  /// A merge: its place in the list of merges above the id it makes, so that the smaller of two is the one to do first.
  typealias Merge = UInt64
  /// No merge; later than all merges.
  static let none = Merge.max

  private struct Slot {
    var pair: UInt64
    var merge: Merge
  }

  /// Open addressing; a slot without a merge is free.
  private var slots: [Slot]
  private let shift: UInt64
  /// Odd and different in each process, so that no file can be made to collide.
  private let multiplier = UInt64.random(in: 0...UInt64.max) | 1

  init(capacity: Int) {
    let size = max(capacity * 2, 8).nextPowerOfTwo
    slots = Array(repeating: Slot(pair: 0, merge: Self.none), count: size)
    shift = UInt64(64 - size.trailingZeroBitCount)
  }

  /// As in `tokenizers`, the later of two merges of one pair counts.
  mutating func insert(left: Int, right: Int, rank: Int, merged: Int) {
    let pair = Self.pair(Int32(left), Int32(right))
    slots[slot(of: pair)] = Slot(pair: pair, merge: UInt64(rank) << 32 | UInt64(merged))
  }

  @inline(__always)
  func merge(_ left: Int32, _ right: Int32) -> Merge {
    slots[slot(of: Self.pair(left, right))].merge
  }

  /// The id that `merge` makes.
  @inline(__always)
  static func token(_ merge: Merge) -> Int32 { Int32(truncatingIfNeeded: merge & 0xFFFF_FFFF) }

  @inline(__always)
  private static func pair(_ left: Int32, _ right: Int32) -> UInt64 {
    UInt64(UInt32(bitPattern: left)) << 32 | UInt64(UInt32(bitPattern: right))
  }

  @inline(__always)
  private func slot(of pair: UInt64) -> Int {
    let mask = slots.count - 1
    // The high half is folded in first, as a product's high bits know little of a factor's high bits.
    var slot = Int(truncatingIfNeeded: ((pair ^ (pair >> 29)) &* multiplier) >> shift)
    return slots.withUnsafeBufferPointer { slots in
      while slots[slot].merge != Self.none, slots[slot].pair != pair { slot = (slot + 1) & mask }
      return slot
    }
  }
}
