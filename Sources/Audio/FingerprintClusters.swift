import Synchronization
import Tensors

/// Recordings that are the same one: each is so much like the survivor that it adds nothing to it.
public struct FingerprintCluster: Sendable, Equatable {
  /// A recording and how it lies on the survivor.
  public struct Member: Sendable, Equatable {
    public var item: Int
    public var match: FingerprintMatch
  }

  /// The longest, of those the one that tells most, of those the first.
  public var survivor: Int
  /// The others, in order of their places.
  public var others: [Member]
}

extension FingerprintSet {
  /// The recordings that are the same as another one, by clusters in order of their survivors.
  ///
  /// Every member of a cluster matches its survivor itself: windows of a long recording, of which each overlaps the
  /// next, do not become one. Common parts count for nothing here, only whole recordings and excerpts of them.
  public func clusters() -> [FingerprintCluster] {
    let groups = groups()
    let found = Mutex<[FingerprintCluster]>([])
    Parallel.forEach(groups.count) { range in
      for group in groups[range] {
        let clusters = clusters(of: group.sorted(by: isPreferred))
        found.withLock { $0 += clusters }
      }
    }
    return found.withLock { $0 }.sorted { $0.survivor < $1.survivor }
  }

  /// The recordings that hang together, be it by others between them.
  private func groups() -> [[Int]] {
    let joined = Mutex(DisjointGroups(count: fingerprints.count))
    forEachPairs { pairs in
      joined.withLock { groups in
        for pair in pairs where pair.match.extent == .recording { groups.join(pair.first, pair.second) }
      }
    }
    return joined.withLock { $0.groups() }
  }

  /// The clusters of recordings that hang together, the preferred ones first.
  private func clusters(of items: [Int]) -> [FingerprintCluster] {
    let index = FingerprintIndex(items.map { fingerprints[$0] })
    var clusters: [FingerprintCluster] = []
    // By places in the index; nil where it is no survivor.
    var cluster = [Int?](repeating: nil, count: items.count)
    for (place, item) in items.enumerated() {
      let hit = index.matches(of: fingerprints[item], in: 0..<place).first {
        $0.match.extent == .recording && cluster[$0.item] != nil
      }
      if let hit, let own = cluster[hit.item] {
        clusters[own].others.append(.init(item: item, match: hit.match.reversed))
      } else {
        cluster[place] = clusters.count
        clusters.append(FingerprintCluster(survivor: item, others: []))
      }
    }
    for index in clusters.indices { clusters[index].others.sort { $0.item < $1.item } }
    return clusters.filter { !$0.others.isEmpty }
  }

  private func isPreferred(_ one: Int, _ other: Int) -> Bool {
    let (a, b) = (fingerprints[one], fingerprints[other])
    return (-a.frames.count, -a.information, one) < (-b.frames.count, -b.information, other)
  }
}

/// Numbers in groups that grow together (Tarjan, "Efficiency of a good but not linear set union algorithm", 1975).
private struct DisjointGroups {
  private var parents: [Int]

  init(count: Int) { parents = Array(0..<count) }

  mutating func root(of item: Int) -> Int {
    var item = item
    while parents[item] != item {
      parents[item] = parents[parents[item]]
      item = parents[item]
    }
    return item
  }

  mutating func join(_ one: Int, _ other: Int) {
    let (a, b) = (root(of: one), root(of: other))
    parents[max(a, b)] = min(a, b)
  }

  /// Those of more than one number.
  mutating func groups() -> [[Int]] {
    var members: [Int: [Int]] = [:]
    for item in parents.indices {
      let root = root(of: item)
      if root != item { members[root, default: [root]].append(item) }
    }
    return Array(members.values)
  }
}
