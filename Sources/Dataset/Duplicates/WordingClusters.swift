/// Texts put together with the earliest that is nearly the same: every member of a cluster is at least as similar to its
/// first text as the settings say, which chains of pairs alone would not promise.
public struct WordingClusters: Sendable {
  /// For each text the first of its cluster; itself where it is alone or the first.
  public private(set) var first: [UInt32]
  /// For each text its similarity to the first; 1 for the first itself.
  public private(set) var similarity: [Float]

  /// `pairs` are those of `texts`, by first and second.
  public init(_ texts: QuestionTexts, pairs: [NearPair]) {
    first = (0..<texts.texts).map { UInt32($0) }
    similarity = Array(repeating: 1, count: texts.texts)
    var counted = TrueSimilarity(shingle: texts.settings.shingle)
    let ordered = pairs.sorted { ($0.second, $0.first) < ($1.second, $1.first) }
    var start = 0
    while start < ordered.count {
      let end = ordered[start...].firstIndex { $0.second != ordered[start].second } ?? ordered.count
      join(ordered[start].second, by: ordered[start..<end], texts, &counted)
      start = end
    }
  }

  /// Puts a text to the most similar of the first texts that its pairs lead to, the earliest of equals.
  private mutating func join(
    _ text: UInt32, by pairs: ArraySlice<NearPair>, _ texts: QuestionTexts, _ counted: inout TrueSimilarity
  ) {
    var best: (first: UInt32, similarity: Float)?
    texts.withText(text) { counted.take($0) }
    for pair in pairs {
      let target = first[Int(pair.first)]
      let value =
        target == pair.first ? pair.similarity : Float(texts.withText(target) { counted.similarity(to: $0) })
      guard value >= Float(texts.settings.similarity) else { continue }
      if let known = best, (known.similarity, target) >= (value, known.first) { continue }
      best = (target, value)
    }
    guard let best else { return }
    first[Int(text)] = best.first
    similarity[Int(text)] = best.similarity
  }
}
