/// The Jaccard similarity of texts' sets of shingles, counted.
///
/// Sets are of 32-bit hashes: two different shingles of texts with a few hundred are taken for one about once in 100,000
/// comparisons, which changes a similarity by less than 0.01. Keeps its memory; used by one thread.
struct TrueSimilarity {
  private var shingles: Shingles
  private var own = HashSet32()
  private var others = HashSet32()

  init(shingle: Int) { shingles = Shingles(length: shingle) }

  /// The text that others are held against.
  mutating func take(_ text: UnsafeBufferPointer<UInt8>) {
    shingles.read(text)
    own.removeAll(reserving: shingles.hashes.count)
    for hash in shingles.hashes { own.insert(hash) }
  }

  /// The similarity of the text taken last and another, 0...1.
  mutating func similarity(to text: UnsafeBufferPointer<UInt8>) -> Double {
    shingles.read(text)
    others.removeAll(reserving: shingles.hashes.count)
    var shared = 0
    for hash in shingles.hashes where others.insert(hash) && own.contains(hash) { shared += 1 }
    return Double(shared) / Double(max(1, own.count + others.count - shared))
  }
}

/// A set of 32-bit numbers that are spread evenly already: open addressing, emptied without being written over.
private struct HashSet32 {
  private var slots: [UInt64] = []
  private var epoch: UInt32 = 0
  private(set) var count = 0

  mutating func removeAll(reserving capacity: Int) {
    count = 0
    epoch &+= 1
    var size = max(slots.count, 256)
    while size < 2 * capacity { size *= 2 }
    if size != slots.count || epoch == 0 {
      slots = Array(repeating: 0, count: size)
      epoch = 1
    }
  }

  /// Whether the number was not there yet.
  @discardableResult mutating func insert(_ number: UInt32) -> Bool {
    let slot = slot(of: number)
    guard slots[slot] >> 32 != UInt64(epoch) else { return false }
    slots[slot] = UInt64(epoch) << 32 | UInt64(number)
    count += 1
    return true
  }

  func contains(_ number: UInt32) -> Bool { slots[slot(of: number)] >> 32 == UInt64(epoch) }

  /// Where the number is, or would be.
  private func slot(of number: UInt32) -> Int {
    let mask = slots.count - 1
    var slot = Int(number) & mask
    while slots[slot] >> 32 == UInt64(epoch) && UInt32(truncatingIfNeeded: slots[slot]) != number {
      slot = (slot + 1) & mask
    }
    return slot
  }
}
