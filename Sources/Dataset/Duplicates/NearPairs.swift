/// Two texts that are nearly the same.
public struct NearPair: Sendable, Equatable {
  /// The earlier one.
  public var first: UInt32
  public var second: UInt32
  /// Their Jaccard similarity, counted.
  public var similarity: Float

  public init(first: UInt32, second: UInt32, similarity: Float) {
    self.first = first
    self.second = second
    self.similarity = similarity
  }
}

extension QuestionTexts {
  /// A text is held against this many of those that it shares a key with, so that a wording which very many texts have
  /// in part costs time in proportion to their number.
  static let mostLeaders = 64

  /// The pairs of texts at least as similar as the settings say, by first and second; what is a pair does not depend on
  /// the number of threads.
  ///
  /// Within a key each text is held against the earlier ones that were like none before them, until one is like it. So not
  /// every pair of a large group is there, but every text of the group that has one like it is in a pair.
  public func nearPairs(threads: Int) -> [NearPair] {
    guard texts > 1 else { return [] }
    let found = inParallel(settings.bands, threads: threads) { pairs(inBand: $0) }
    return found.flatMap(\.self).sorted { ($0.first, $0.second) < ($1.first, $1.second) }
  }

  private func pairs(inBand band: Int) -> [NearPair] {
    var pairs: [NearPair] = []
    var similarity = TrueSimilarity(shingle: settings.shingle)
    var leaders: [UInt32] = []
    BandGroups(band: band, bands: settings.bands, keys: keys).visit { group in
      leaders.removeAll(keepingCapacity: true)
      for entry in group {
        let text = UInt32(truncatingIfNeeded: entry)
        let isLike = compare(text, to: leaders, band, &similarity, &pairs)
        if !isLike, leaders.count < Self.mostLeaders { leaders.append(text) }
      }
    }
    return pairs
  }

  /// Whether a leader is like the text; then the pair is noted. Those that share an earlier band's key met there.
  private func compare(
    _ text: UInt32, to leaders: [UInt32], _ band: Int, _ similarity: inout TrueSimilarity, _ pairs: inout [NearPair]
  ) -> Bool {
    var isTaken = false
    for leader in leaders where !sharesKey(text, leader, before: band) {
      if !isTaken { withText(text) { similarity.take($0) } }
      isTaken = true
      let value = withText(leader) { similarity.similarity(to: $0) }
      guard value >= settings.similarity else { continue }
      pairs.append(NearPair(first: leader, second: text, similarity: Float(value)))
      return true
    }
    return false
  }

  private func sharesKey(_ one: UInt32, _ other: UInt32, before band: Int) -> Bool {
    let (one, other) = (Int(one) * settings.bands, Int(other) * settings.bands)
    return keys.withUnsafeBufferPointer { keys in
      for earlier in 0..<band where keys[one + earlier] == keys[other + earlier] { return true }
      return false
    }
  }
}
