/// Labels by how many of their questions wait for a set of choices: a binary heap with the most frequent on top.
struct LabelHeap {
  struct Entry {
    var label: Int
    var waiting: Int
    /// Decides between equally frequent labels; another one at every count, so that labels do not meet the same others
    /// again and again.
    var tie: UInt64

    func precedes(_ other: Entry) -> Bool {
      (waiting, tie, label) > (other.waiting, other.tie, other.label)
    }
  }

  private var entries: [Entry] = []

  var count: Int { entries.count }

  mutating func push(_ entry: Entry) {
    entries.append(entry)
    var child = entries.count - 1
    while child > 0, entries[child].precedes(entries[(child - 1) / 2]) {
      entries.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  mutating func pop() -> Entry? {
    guard let top = entries.first else { return nil }
    let last = entries.removeLast()
    guard !entries.isEmpty else { return top }
    entries[0] = last
    var parent = 0
    while true {
      let children = (2 * parent + 1)..<min(2 * parent + 3, max(2 * parent + 1, entries.count))
      guard let child = children.max(by: { entries[$1].precedes(entries[$0]) }) else { return top }
      guard entries[child].precedes(entries[parent]) else { return top }
      entries.swapAt(parent, child)
      parent = child
    }
  }
}
