/// The questions of balanced sets with wrong choices drawn anew among the answers of their pools, so that the right ones
/// cannot be told from the other questions either; see ``ChoiceDraw`` and ``QuantityDraw``.
enum DrawnChoices {
  private struct Kind: Hashable {
    var split: String
    var choices: Int
  }

  /// Questions on labels, by id: any label that the clip has not may be drawn.
  static func labels(_ questions: [SetQuestion], _ weights: OfferWeights) -> [SetQuestion] {
    let kinds = Dictionary(grouping: questions.sorted { $0.id < $1.id }) { question in
      Kind(split: question.split, choices: question.choices.count)
    }
    return kinds.values.flatMap { pool in
      let table = LabelTable(pool.lazy.flatMap { $0.labels + [$0.correct] })
      let answers = pool.map { table.number(of: $0.correct) ?? 0 }
      let carried = pool.map { Set($0.labels.compactMap(table.number)) }
      let rules = ChoiceDraw.Rules(
        isWrong: { answer, question in !carried[question].contains(answer) },
        conflict: { table.conflict($0, $1) }, isSound: { _ in true })
      return ChoiceDraw.drawn(pool, answers: answers, weights: weights, rules: rules)
    }
    .sorted { $0.id < $1.id }
  }

  /// Questions on quantities and courses, by id. `all` are those of the whole set, which tell the usual numbers.
  static func values(
    _ balance: ValueBalance, of all: [SetQuestion], _ weights: OfferWeights, isSound: @escaping (SetQuestion) -> Bool
  ) -> [SetQuestion] {
    let usual = UsualNumbers(all)
    return balance.pools.flatMap { pool in
      guard let scale = pool.scale else { return words(pool, weights, isSound) }
      return QuantityDraw.drawn(pool.questions, scale: scale, usual: usual, weights: weights, isSound: isSound)
    }
    .sorted { $0.id < $1.id }
  }

  /// Only what a question's writer gave as wrong may be drawn.
  private static func words(
    _ pool: ValueBalance.Pool, _ weights: OfferWeights, _ isSound: @escaping (SetQuestion) -> Bool
  ) -> [SetQuestion] {
    let texts = pool.questions.map { $0.correct.lowercased() }
    let distinct = Set(texts).sorted()
    let numbers = Dictionary(uniqueKeysWithValues: distinct.enumerated().map { ($1, $0) })
    let wrong = pool.questions.map { question in
      Set((pool.written[question.id] ?? []).compactMap { numbers[$0.lowercased()] })
    }
    let rules = ChoiceDraw.Rules(
      isWrong: { answer, question in wrong[question].contains(answer) }, conflict: { _, _ in false }, isSound: isSound)
    return ChoiceDraw.drawn(pool.questions, answers: texts.map { numbers[$0] ?? 0 }, weights: weights, rules: rules)
  }
}
