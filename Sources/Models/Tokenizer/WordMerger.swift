/// Byte-pair encoding of single words: the earliest merge in the list that a word allows is done first, the leftmost
/// of equals, until none is left. Keeps its buffers from word to word.
struct WordMerger {
  /// Words up to here are searched through for each merge; longer ones keep a heap, or a word of 100 KB would take
  /// minutes.
  private static let shortWord = 48

  private let merges: MergeTable
  /// The id of each byte.
  private let byteIDs: [Int32]

  private var tokens: [Int32] = []
  private var pending: [MergeTable.Merge] = []
  private var next: [Int32] = []
  private var previous: [Int32] = []
  private var heap = PairHeap()

  init(merges: MergeTable, byteIDs: [Int32]) {
    self.merges = merges
    self.byteIDs = byteIDs
  }

  /// Appends the ids of the word `bytes` to `output`.
  mutating func append(_ bytes: UnsafeBufferPointer<UInt8>, to output: inout [Int32]) {
    if bytes.count == 1 {
      output.append(byteIDs[Int(bytes[0])])
      return
    }
    tokens.removeAll(keepingCapacity: true)
    for byte in bytes { tokens.append(byteIDs[Int(byte)]) }
    if tokens.count <= Self.shortWord { mergeByScanning() } else { mergeByHeap() }
    output.append(contentsOf: tokens)
  }

  private mutating func mergeByScanning() {
    pending.removeAll(keepingCapacity: true)
    for index in 0..<tokens.count - 1 { pending.append(merges.merge(tokens[index], tokens[index + 1])) }
    while true {
      var (best, place) = (MergeTable.none, 0)
      for index in pending.indices where pending[index] < best { (best, place) = (pending[index], index) }
      guard best != MergeTable.none else { return }

      tokens[place] = MergeTable.token(best)
      tokens.remove(at: place + 1)
      pending.remove(at: place)
      if place < pending.count { pending[place] = merges.merge(tokens[place], tokens[place + 1]) }
      if place > 0 { pending[place - 1] = merges.merge(tokens[place - 1], tokens[place]) }
    }
  }

  /// A linked list of tokens; the heap holds every pair that could merge, and pairs that are gone are skipped when
  /// they come up.
  private mutating func mergeByHeap() {
    let count = Int32(tokens.count)
    next = Array(1...count)
    previous = Array(-1..<count - 1)
    heap.removeAll()
    for index in 0..<count - 1 { push(index, end: count) }
    while let (merge, place) = heap.pop() {
      let left = Int(place)
      guard tokens[left] >= 0, next[left] < count else { continue }
      let right = Int(next[left])
      guard merges.merge(tokens[left], tokens[right]) == merge else { continue }

      tokens[left] = MergeTable.token(merge)
      tokens[right] = -1
      next[left] = next[right]
      if next[left] < count { previous[Int(next[left])] = place }
      push(place, end: count)
      if previous[left] >= 0 { push(previous[left], end: count) }
    }
    tokens.removeAll { $0 < 0 }
  }

  private mutating func push(_ place: Int32, end: Int32) {
    let following = next[Int(place)]
    guard following < end else { return }
    let merge = merges.merge(tokens[Int(place)], tokens[Int(following)])
    if merge != MergeTable.none { heap.push(merge, at: place) }
  }
}

/// Places of possible merges, the earliest merge first, the leftmost of equals.
struct PairHeap {
  private var items: [(merge: MergeTable.Merge, place: Int32)] = []

  mutating func removeAll() { items.removeAll(keepingCapacity: true) }

  mutating func push(_ merge: MergeTable.Merge, at place: Int32) {
    items.append((merge, place))
    var child = items.count - 1
    while child > 0, items[child] < items[(child - 1) / 2] {
      items.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  mutating func pop() -> (merge: MergeTable.Merge, place: Int32)? {
    guard let first = items.first, let last = items.popLast() else { return nil }
    if items.isEmpty { return first }
    items[0] = last
    var parent = 0
    while true {
      var least = parent
      for child in 2 * parent + 1..<2 * parent + 3 where child < items.count && items[child] < items[least] {
        least = child
      }
      if least == parent { return first }
      items.swapAt(parent, least)
      parent = least
    }
  }
}
