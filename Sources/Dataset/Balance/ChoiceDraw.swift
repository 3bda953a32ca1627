/// Draws the wrong choices of questions anew whose answers are few and come again and again, such as labels and courses,
/// so that the right one cannot be told from the other questions; see ``OfferWeights``.
///
/// What is drawn are the answers of other questions of the pool. A question for which nothing is found that may stand
/// beside its answer keeps the choices it has.
struct ChoiceDraw {
  /// Which answers can be offered beside which.
  struct Rules {
    /// Whether an answer is wrong of a question.
    var isWrong: (_ answer: Int, _ question: Int) -> Bool
    /// Whether two answers must not stand beside each other.
    var conflict: (_ answer: Int, _ other: Int) -> Bool
    /// Whether the choices of a question can stand together, and its wrong ones are wrong of its clip.
    var isSound: (SetQuestion) -> Bool
  }

  /// All questions are drawn so many times, as what is left for the last ones depends on what the first ones took.
  private static let sweeps = 2
  /// Answers looked at for one choice, and sets of choices for one question.
  private static let mostLooks = 32
  private static let mostSets = 4

  private let pool: [SetQuestion]
  /// By question: the number of its answer.
  private let answers: [Int]
  private let rules: Rules
  private let line: OfferLine
  /// By answer: how often it should be offered as wrong, and is.
  private var wanted: [Double]
  private var offered: [Int]

  /// The questions of `pool` with choices drawn for them, in its order. `answers` numbers their right answers, from 0.
  static func drawn(
    _ pool: [SetQuestion], answers: [Int], weights: OfferWeights, rules: Rules
  ) -> [SetQuestion] {
    guard !pool.isEmpty else { return [] }
    var draw = ChoiceDraw(pool, answers, weights, rules)
    return draw.drawn()
  }

  private init(_ pool: [SetQuestion], _ answers: [Int], _ weights: OfferWeights, _ rules: Rules) {
    (self.pool, self.answers, self.rules) = (pool, answers, rules)
    line = OfferLine(pool.map(weights.weight))
    let wrong = pool.reduce(0) { $0 + $1.distractors.count }
    wanted = [Double](repeating: 0, count: (answers.max() ?? 0) + 1)
    offered = [Int](repeating: 0, count: wanted.count)
    for (question, answer) in answers.enumerated() {
      let stretch = line.stretch(of: question)
      wanted[answer] += Double(wrong) * (stretch.upperBound - stretch.lowerBound)
    }
  }

  private mutating func drawn() -> [SetQuestion] {
    let hashes = pool.map { stableHash("earshot choice draw 1", $0.id) }
    let order = pool.indices.sorted { (hashes[$0], pool[$0].id) < (hashes[$1], pool[$1].id) }
    var chosen: [[Int]?] = pool.map { _ in nil }
    for sweep in 0..<Self.sweeps {
      for question in order {
        for other in chosen[question] ?? [] { offered[answers[other]] -= 1 }
        var numbers = HashedNumbers("earshot choice draw \(sweep)", id: pool[question].id)
        chosen[question] = choices(for: question, &numbers) ?? chosen[question]
        for other in chosen[question] ?? [] { offered[answers[other]] += 1 }
      }
    }
    return zip(pool, chosen).map { question, chosen in chosen.map { offering($0, question) } ?? question }
  }

  /// The questions whose answers become the wrong choices of one.
  private func choices(for question: Int, _ numbers: inout HashedNumbers) -> [Int]? {
    for _ in 0..<Self.mostSets {
      var chosen: [Int] = []
      while chosen.count < pool[question].distractors.count {
        guard let next = choice(for: question, beside: chosen, &numbers) else { return nil }
        chosen.append(next)
      }
      if rules.isSound(offering(chosen, pool[question])) { return chosen }
    }
    return nil
  }

  /// The first that is still to be offered more often, or else the one that is offered the least too often.
  private func choice(for question: Int, beside chosen: [Int], _ numbers: inout HashedNumbers) -> Int? {
    var best: (other: Int, left: Double)?
    for _ in 0..<Self.mostLooks {
      let other = line.question(at: numbers.next())
      let answer = answers[other]
      guard fits(answer, question, beside: chosen) else { continue }
      let left = wanted[answer] - Double(offered[answer])
      if left >= 0.5 { return other }
      if best.map({ left > $0.left }) ?? true { best = (other, left) }
    }
    return best?.other
  }

  private func fits(_ answer: Int, _ question: Int, beside chosen: [Int]) -> Bool {
    let others = chosen.map { answers[$0] } + [answers[question]]
    return rules.isWrong(answer, question) && others.allSatisfy { $0 != answer && !rules.conflict($0, answer) }
  }

  private func offering(_ others: [Int], _ question: SetQuestion) -> SetQuestion {
    var question = question
    question.distractors = others.map { pool[$0].correct }
    return question
  }
}
