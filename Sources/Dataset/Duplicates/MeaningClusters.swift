/// Questions put together with the earliest of their sound that means nearly the same.
public struct MeaningClusters {
  /// Pairs that mean nearly the same, by the later one: places in a group, and their similarity.
  private var pairs: [Int: [(first: Int, similarity: Double)]] = [:]

  public init() {}

  /// Notes a pair of the group; `first` is the earlier one.
  public mutating func add(first: Int, second: Int, similarity: Double) {
    pairs[second, default: []].append((first, similarity))
  }

  /// The clusters of a group of questions, given by their numbers: each goes to the most similar of the earlier ones that
  /// stay, the earliest of equals.
  public func clusters(of group: [Int]) -> [DuplicateCluster] {
    var clusters: [Int: DuplicateCluster] = [:]
    var isOut = Set<Int>()
    for place in group.indices {
      let near = (pairs[place] ?? []).filter { !isOut.contains($0.first) }
      guard let best = near.min(by: { ($1.similarity, $0.first) < ($0.similarity, $1.first) }) else { continue }
      isOut.insert(place)
      let first = DuplicateCluster(kind: .meaning, members: [.init(question: group[best.first], similarity: 1)])
      clusters[best.first, default: first].members.append(
        .init(question: group[place], similarity: min(1, best.similarity), code: .sameMeaning))
    }
    return clusters.keys.sorted().compactMap { clusters[$0] }
  }
}
