/// What is allowed of one wording, over sounds that differ.
public struct WordingLimits: Sendable, Equatable, Codable {
  /// Of nearly the same stem and choices.
  public var wording: WordingLimit
  /// Of the same stem.
  public var stem: WordingLimit

  public init(
    wording: WordingLimit = WordingLimit(share: 0.02, least: 100),
    stem: WordingLimit = WordingLimit(share: nil, least: 100)
  ) {
    self.wording = wording
    self.stem = stem
  }
}

extension DuplicateSearch {
  /// Finds clusters of questions that mean nearly the same among those of one sound, given by their numbers.
  public typealias CompareMeaning = ([Int]) throws -> [DuplicateCluster]

  /// All clusters: of one sound first, then of one meaning, then of wordings, then of stems. A question that one of them
  /// puts out does not count in the later ones.
  public func clusters(_ limits: WordingLimits, threads: Int) -> [DuplicateCluster] {
    clusters(limits, pairs: texts.nearPairs(threads: threads)) { _ in [] }
  }

  /// The same with the pairs of an earlier search of the same texts.
  public func clusters(
    _ limits: WordingLimits, pairs: [NearPair], meaning: CompareMeaning
  ) rethrows -> [DuplicateCluster] {
    let wordings = WordingClusters(texts, pairs: pairs)
    var isOut = Array(repeating: false, count: texts.questions)
    func mark(_ clusters: [DuplicateCluster]) -> [DuplicateCluster] {
      for cluster in clusters {
        for member in cluster.members where member.code != nil { isOut[member.question] = true }
      }
      return clusters
    }
    var found = mark(soundClusters(wordings))
    for group in questionsBySound(isOut) { found += mark(try meaning(group)) }
    found += capped(limits.wording, kind: .wording, &isOut) { question in
      let text = Int(texts.textOfQuestion[question])
      return (UInt64(wordings.first[text]), Double(wordings.similarity[text]))
    }
    if limits.stem.share != nil { found += capped(limits.stem, kind: .stem, &isOut) { (stems[$0], 1) } }
    return found
  }

  /// The questions that are still in, of each sound that has several, in the order of the first ones.
  private func questionsBySound(_ isOut: [Bool]) -> [[Int]] {
    var groups: [UInt32: [Int]] = [:]
    for question in 0..<texts.questions where !isOut[question] {
      groups[soundOfQuestion[question], default: []].append(question)
    }
    return groups.values.filter { $0.count > 1 }.sorted { $0[0] < $1[0] }
  }

  /// The groups of questions that are still in, by what `group` says, each cut to its limit.
  private func capped(
    _ limit: WordingLimit, kind: DuplicateCluster.Kind, _ isOut: inout [Bool],
    group: (Int) -> (name: UInt64, similarity: Double)
  ) -> [DuplicateCluster] {
    var groups: [UInt64: [Int]] = [:]
    var count = 0
    for question in 0..<texts.questions where !isOut[question] {
      groups[group(question).name, default: []].append(question)
      count += 1
    }
    let most = limit.most(of: count) ?? Int.max
    return groups.values.filter { $0.count > 1 }.sorted { $0[0] < $1[0] }.map { questions in
      let kept = questions.count > most ? spread(questions, most) : Set(questions)
      let members = questions.map { question in
        isOut[question] = !kept.contains(question)
        return DuplicateCluster.Member(
          question: question, similarity: group(question).similarity,
          code: kept.contains(question) ? nil : .templateCap)
      }
      return DuplicateCluster(kind: kind, members: members)
    }
  }

  /// `most` of the questions: the first one, then of each answer alike, as far as there are some, and of one answer those
  /// that come first.
  private func spread(_ questions: [Int], _ most: Int) -> Set<Int> {
    var waiting: [UInt64: [Int]] = [:]
    for question in questions.reversed() { waiting[answers[question], default: []].append(question) }
    var order = waiting.keys.sorted { (waiting[$0]?.last ?? 0) < (waiting[$1]?.last ?? 0) }
    var kept: Set<Int> = []
    while kept.count < most, !order.isEmpty {
      for answer in order where kept.count < most {
        if let question = waiting[answer]?.popLast() { kept.insert(question) }
      }
      order.removeAll { waiting[$0]?.isEmpty ?? true }
    }
    return kept
  }
}
