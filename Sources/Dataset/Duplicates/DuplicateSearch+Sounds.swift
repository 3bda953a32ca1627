extension DuplicateSearch {
  /// The clusters of questions that ask nearly the same of one sound, in the order of their first questions.
  ///
  /// The rule is that of `NearDuplicates`: the same stem and choices, or stem and answer that are similar. Where a sound
  /// has very many questions, or is unknown, it is nearly the same stem and choices with the same answer.
  func soundClusters(_ wordings: WordingClusters) -> [DuplicateCluster] {
    var similarity = TrueSimilarity(shingle: texts.settings.shingle)
    var clusters: [DuplicateCluster] = []
    for (_, questions) in compared where questions.count > 1 {
      let isSmall = questions.count <= Self.mostCompared && !claim(of: questions[0]).isEmpty
      clusters += isSmall ? pairwise(questions, &similarity) : byWording(questions, wordings)
    }
    return clusters.sorted { $0.members[0].question < $1.members[0].question }
  }

  /// Each question is held against the earlier ones that stay, and goes to the most similar one.
  private func pairwise(_ questions: [Int], _ similarity: inout TrueSimilarity) -> [DuplicateCluster] {
    var clusters: [DuplicateCluster] = []
    for question in questions {
      var best: (cluster: Int, similarity: Double)?
      let text = texts.textOfQuestion[question]
      claim(of: question).withUnsafeBufferPointer { similarity.take($0) }
      for (number, cluster) in clusters.enumerated() {
        let first = cluster.members[0].question
        let isSame = texts.textOfQuestion[first] == text
        let value = isSame ? 1 : claim(of: first).withUnsafeBufferPointer { similarity.similarity(to: $0) }
        if value >= texts.settings.similarity, value > best?.similarity ?? -1 { best = (number, value) }
      }
      if let best {
        clusters[best.cluster].members.append(
          .init(question: question, similarity: best.similarity, code: .repeatedOfSound))
      } else {
        clusters.append(DuplicateCluster(kind: .sound, members: [.init(question: question, similarity: 1)]))
      }
    }
    return clusters.filter { $0.members.count > 1 }
  }

  private func byWording(_ questions: [Int], _ wordings: WordingClusters) -> [DuplicateCluster] {
    struct Claim: Hashable {
      var wording: UInt32
      var answer: UInt64
    }
    var clusters: [Claim: [DuplicateCluster.Member]] = [:]
    for question in questions {
      let text = Int(texts.textOfQuestion[question])
      let claim = Claim(wording: wordings.first[text], answer: answers[question])
      let isFirst = clusters[claim] == nil
      clusters[claim, default: []].append(
        .init(
          question: question, similarity: isFirst ? 1 : Double(wordings.similarity[text]),
          code: isFirst ? nil : .repeatedOfSound))
    }
    return clusters.values.filter { $0.count > 1 }.map { DuplicateCluster(kind: .sound, members: $0) }
  }
}
