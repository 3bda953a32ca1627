import Audio
import Dataset

/// Which other item's sound is heard with each item.
///
/// A seeded permutation, so that each sound is heard as often as before, in which nobody hears the own recording or
/// file, nor, where it can be had, the sound of an item with the same answer. Where one recording has more than half of
/// the items no such permutation exists; then sounds of the others are heard several times.
struct SwapPartners {
  /// By item: the place of the one whose sound is heard; nil where all other items have the same recording.
  let places: [Int?]

  /// `items` have sounds.
  init(_ items: [BenchmarkItem], seed: UInt64) {
    let groups = Self.recordings(items)
    var random = SplitMix64(seed: stableHash("earshot swap 1", String(seed)))
    let order = Self.order(groups, with: &random)
    let most = order.isEmpty ? 0 : Dictionary(grouping: groups, by: { $0 }).values.map(\.count).max() ?? 0
    if 2 * most <= items.count {
      var partners = [Int](repeating: 0, count: items.count)
      for (place, item) in order.enumerated() { partners[item] = order[(place + most) % order.count] }
      Self.avoidEqualAnswers(&partners, items, groups, with: &random)
      places = partners
    } else {
      places = items.indices.map { item in
        let others = items.indices.filter { groups[$0] != groups[item] }
        let different = others.filter { !Self.isSameAnswer(items[$0], items[item]) }
        let candidates = different.isEmpty ? others : different
        return candidates.isEmpty ? nil : random.choice(candidates)
      }
    }
  }

  /// By item the number of its recording: items that share a recording or a file, also by way of others, have one.
  private static func recordings(_ items: [BenchmarkItem]) -> [Int] {
    var parents = Array(items.indices)
    func root(_ item: Int) -> Int {
      var item = item
      while parents[item] != item {
        parents[item] = parents[parents[item]]
        item = parents[item]
      }
      return item
    }
    var first: [String: Int] = [:]
    for (place, item) in items.enumerated() {
      for name in [item.recording.map { "r" + $0 }, item.audio.map { "f" + $0 }].compactMap({ $0 }) {
        guard let other = first[name] else {
          first[name] = place
          continue
        }
        parents[root(place)] = root(other)
      }
    }
    return items.indices.map(root)
  }

  /// The items in a random order in which those of a recording follow each other, so that to go on by as many places as
  /// the largest recording has leads to another one.
  private static func order(_ groups: [Int], with random: inout SplitMix64) -> [Int] {
    let shuffled = random.shuffled(Array(groups.indices))
    var members: [Int: [Int]] = [:]
    var names: [Int] = []
    for item in shuffled {
      if members[groups[item]] == nil { names.append(groups[item]) }
      members[groups[item], default: []].append(item)
    }
    return names.flatMap { members[$0] ?? [] }
  }

  /// Exchanges partners of items that would hear the sound of their own answer, as long as that helps.
  private static func avoidEqualAnswers(
    _ partners: inout [Int], _ items: [BenchmarkItem], _ groups: [Int], with random: inout SplitMix64
  ) {
    func isEqual(_ item: Int, _ partner: Int) -> Bool { isSameAnswer(items[item], items[partner]) }
    // Enough to find one in every set of several answers; a set of 100,000 with one answer does not take for ever.
    let tries = min(items.count, 2_000)
    for item in items.indices where isEqual(item, partners[item]) {
      let start = random.index(below: items.count)
      for step in 0..<tries {
        let other = (start + step) % items.count
        let (own, theirs) = (partners[item], partners[other])
        guard groups[item] != groups[theirs], groups[other] != groups[own], !isEqual(item, theirs) else { continue }
        // The other one must not come to hear its own answer, unless it did before.
        guard !isEqual(other, own) || isEqual(other, theirs) else { continue }
        partners.swapAt(item, other)
        break
      }
    }
  }

  private static func isSameAnswer(_ one: BenchmarkItem, _ other: BenchmarkItem) -> Bool {
    guard let answer = one.answer, let second = other.answer else { return false }
    return answer.lowercased() == second.lowercased()
  }
}
