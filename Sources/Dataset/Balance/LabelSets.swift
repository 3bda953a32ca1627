/// Divides the label questions of one split into sets of `size` questions with different labels that share their
/// choices.
struct LabelSets {
  /// A question on a label.
  struct Member {
    var question: Int
    var label: Int
    /// The labels of its clip, its own among them.
    var carried: [Int]
    var hash: UInt64
  }

  /// How many questions of a label are looked at for one that fits a set: more only where clips carry many labels.
  private static let mostLooks = 64
  /// How many labels are tried for one set.
  private static let mostLabels = 1024

  private let table: LabelTable
  private let size: Int
  /// By label.
  private var waiting: [[Member]]
  /// Where to look next among a label's questions, so that those that seldom fit do not stand in the way.
  private var cursors: [Int]
  private var heap = LabelHeap()

  /// The sets made, each of `size` questions.
  private(set) var sets: [[Member]] = []
  /// Questions beyond what any division could hold, with the most that it could of their label.
  private(set) var excess: [(member: Member, most: Int)] = []
  /// Questions that found no set.
  private(set) var remainder: [Member] = []

  init(_ members: [Member], size: Int, table: LabelTable) {
    self.table = table
    self.size = size
    waiting = [[Member]](repeating: [], count: table.texts.count)
    cursors = [Int](repeating: 0, count: table.texts.count)
    for member in members { waiting[member.label].append(member) }
    let most = LabelSets.mostSets(waiting.map(\.count), size: size)
    for label in waiting.indices where !waiting[label].isEmpty {
      waiting[label].sort { ($0.hash, $0.question) < ($1.hash, $1.question) }
      excess += waiting[label].dropFirst(most).map { ($0, most) }
      waiting[label].removeLast(max(0, waiting[label].count - most))
      queue(label)
    }
    while makeSet() {}
    remainder += waiting.flatMap { $0 }
  }

  /// The largest number of sets of `size` different labels that labels with these many questions can fill: the largest
  /// `n` for which the sum of min(count, n) reaches `size * n`.
  static func mostSets(_ counts: [Int], size: Int) -> Int {
    var low = 0
    var high = counts.reduce(0, +) / max(1, size)
    while low < high {
      let middle = (low + high + 1) / 2
      if counts.reduce(0, { $0 + min($1, middle) }) >= size * middle { low = middle } else { high = middle - 1 }
    }
    // Where fewer labels than choices exist there is no set, but nor is any label too frequent.
    return low == 0 ? (counts.max() ?? 0) : low
  }

  private mutating func queue(_ label: Int) {
    let count = waiting[label].count
    guard count > 0 else { return }
    let tie = stableHash("earshot label tie 1", table.texts[label], String(count))
    heap.push(LabelHeap.Entry(label: label, waiting: count, tie: tie))
  }

  /// Makes a set around a question of the most frequent label, or sets that question aside; false where too few labels
  /// are left.
  private mutating func makeSet() -> Bool {
    guard heap.count >= size else { return false }
    var chosen: [Member] = []
    var passed: [LabelHeap.Entry] = []
    while chosen.count < size, passed.count < Self.mostLabels, let entry = heap.pop() {
      if let member = take(from: entry.label, beside: chosen) {
        chosen.append(member)
      } else {
        passed.append(entry)
      }
    }
    if chosen.count == size {
      sets.append(chosen)
    } else {
      remainder += chosen.prefix(1)
      for member in chosen.dropFirst() { waiting[member.label].append(member) }
    }
    for entry in passed { heap.push(entry) }
    for member in chosen { queue(member.label) }
    return true
  }

  /// Takes a question of `label` out of those waiting whose clip carries no other label of the set, and whose label no
  /// clip of the set carries.
  private mutating func take(from label: Int, beside chosen: [Member]) -> Member? {
    let fits = chosen.allSatisfy { !$0.carried.contains(label) && !table.conflict($0.label, label) }
    let count = waiting[label].count
    guard fits, count > 0 else { return nil }
    var cursor = cursors[label] % count
    for _ in 0..<min(count, Self.mostLooks) {
      if chosen.allSatisfy({ !waiting[label][cursor].carried.contains($0.label) }) {
        waiting[label].swapAt(cursor, count - 1)
        cursors[label] = cursor
        return waiting[label].removeLast()
      }
      cursor = (cursor + 1) % count
    }
    cursors[label] = cursor
    return nil
  }
}
