import Synchronization
import Tensors

/// Two recordings of an index that match.
public struct FingerprintPair: Sendable, Equatable {
  /// Places in ``FingerprintIndex/fingerprints``; `first` is the lower one.
  public var first: Int
  public var second: Int
  /// Offsets are those of the second in the first.
  public var match: FingerprintMatch
}

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

extension FingerprintIndex {
  /// All pairs that match, in order, found on all cores.
  ///
  /// Where more than 256 recordings share a word, as all copies of one recording do, not every pair is there, but each
  /// recording is paired with many of the following ones.
  public func pairs() -> [FingerprintPair] {
    let found = Mutex<[FingerprintPair]>([])
    Parallel.forEach(fingerprints.count, grain: 16) { range in
      var pairs: [FingerprintPair] = []
      for item in range {
        for hit in matches(of: fingerprints[item], from: item + 1) {
          pairs.append(FingerprintPair(first: item, second: hit.item, match: hit.match))
        }
      }
      found.withLock { $0 += pairs }
    }
    return found.withLock { $0 }.sorted { ($0.first, $0.second) < ($1.first, $1.second) }
  }

  /// The recordings that are the same as another one, by clusters in order of their survivors.
  ///
  /// Every member of a cluster matches its survivor itself: windows of a long recording, of which each overlaps the
  /// next, do not become one. Common parts count for nothing here, only whole recordings and excerpts of them.
  public func clusters() -> [FingerprintCluster] {
    let pairs = pairs().filter { $0.match.extent == .recording }
    var groups = DisjointGroups(count: fingerprints.count)
    for pair in pairs { groups.join(pair.first, pair.second) }
    var members: [Int: Set<Int>] = [:]
    for pair in pairs { members[groups.root(of: pair.first), default: []].formUnion([pair.first, pair.second]) }
    return members.values.flatMap { clusters(of: $0.sorted(by: isPreferred)) }.sorted { $0.survivor < $1.survivor }
  }

  /// The clusters of recordings that hang together, the preferred ones first.
  private func clusters(of items: [Int]) -> [FingerprintCluster] {
    var clusters: [FingerprintCluster] = []
    for item in items {
      let found = clusters.indices.lazy.compactMap { index -> (Int, FingerprintMatch)? in
        let match = fingerprints[clusters[index].survivor].match(fingerprints[item])
        return match.flatMap { $0.extent == .recording ? (index, $0) : nil }
      }.first
      if let (index, match) = found {
        clusters[index].others.append(.init(item: item, match: match))
      } else {
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
}
