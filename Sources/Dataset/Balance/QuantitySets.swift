/// Divides questions whose answers are quantities into sets of `size`, whose answers are all at least so far apart.
///
/// Sorted by their answers, the n-th question of each of `size` equal parts makes a set: the first quarter, the second, …
/// What stands in a set lies as far apart as any division can have it. It works out where no stretch of the scale as long
/// as the least distance holds more questions than there are sets, so the densest stretches lose what is over: the most
/// sets for which enough is left are found by halving.
struct QuantitySets {
  /// A question's place among the others, and on the scale.
  private struct Member {
    var question: Int
    var place: Double
    var hash: UInt64
  }

  /// Each of `size` questions, by their places in the list given.
  private(set) var sets: [[Int]] = []
  /// Those that found no set.
  private(set) var left: [Int] = []

  /// - Parameter places: by question, on the scale. `hashes` decide between equals.
  init(places: [Double], hashes: [UInt64], size: Int, least: Double) {
    let members = places.indices.map { Member(question: $0, place: places[$0], hash: hashes[$0]) }
      .sorted { ($0.place, $0.hash, $0.question) < ($1.place, $1.hash, $1.question) }
    var (low, high) = (0, members.count / max(1, size))
    while low < high {
      let middle = (low + high + 1) / 2
      if Self.chosen(members, atMost: middle, within: least).count >= size * middle {
        low = middle
      } else {
        high = middle - 1
      }
    }
    var chosen = Self.chosen(members, atMost: low, within: least)
    let over = Set(chosen.sorted { $0.hash < $1.hash }.prefix(chosen.count - size * low).map(\.question))
    chosen.removeAll { over.contains($0.question) }
    sets = (0..<low).map { number in (0..<size).map { chosen[number + $0 * low].question } }
    let taken = Set(chosen.map(\.question))
    left = members.map(\.question).filter { !taken.contains($0) }
  }

  /// As many of `members`, in their order, that no stretch shorter than `length` holds more than `most`.
  private static func chosen(_ members: [Member], atMost most: Int, within length: Double) -> [Member] {
    var chosen: [Member] = []
    var first = 0
    for member in members {
      // Without what rounding of logarithms adds.
      while first < chosen.count, member.place - chosen[first].place >= length - 1e-9 { first += 1 }
      if chosen.count - first < most { chosen.append(member) }
    }
    return chosen
  }
}
