import Foundation

/// How gladly each question lends its right answer to the others as a wrong choice: weights at random, one for each clip,
/// from the exponential distribution, as the Bayesian bootstrap has them (Rubin 1981).
///
/// Were each answer offered as wrong exactly as often as its share of right ones asks, a right answer could be told by
/// looking at the other questions: without its own one it is right too seldom. Weights at random give the shares the
/// spread that they have where the right choice of every question is drawn by lot, and nothing can be told from those. Only
/// of answers that are offered often the share is kept near chance all the same.
struct OfferWeights {
  /// How far from chance the share of being right may be that an answer's weights aim at, where it is offered about
  /// ``AnswerShare/fewestOffers`` times or more: of what the whole set may, as not all goes as it is aimed at.
  private static let most = 0.6 * AnswerShare.tolerance
  private static let manyOffers = 0.8 * Double(AnswerShare.fewestOffers)

  /// By answer in small letters, of those that are right often: what all its weights are multiplied by.
  private var factors: [String: Double] = [:]

  /// For all questions of a set that are drawn.
  init(_ questions: [SetQuestion]) {
    var answers: [String: (count: Int, offers: Int, weight: Double)] = [:]
    for question in questions {
      var answer = answers[question.correct.lowercased()] ?? (0, 0, 0)
      answer = (answer.count + 1, answer.offers + question.choices.count, answer.weight + Self.weight(question))
      answers[question.correct.lowercased()] = answer
    }
    for (text, answer) in answers where Double(answer.offers) >= Self.manyOffers {
      let mean = answer.weight / Double(answer.count)
      // An answer of weight w is right in 1 of 1 + (k - 1) w offers among k choices.
      let wrong = Double(answer.offers) / Double(answer.count) - 1
      let even = 1 / (1 + wrong)
      let (low, high) = ((1 / (even + Self.most) - 1) / wrong, (1 / (even - Self.most) - 1) / wrong)
      factors[text] = min(max(mean, low), high) / mean
    }
  }

  func weight(of question: SetQuestion) -> Double {
    Self.weight(question) * (factors[question.correct.lowercased()] ?? 1)
  }

  private static func weight(_ question: SetQuestion) -> Double {
    let clip = question.clip.isEmpty ? question.id : question.clip
    return -log(1 - HashedNumbers.share(stableHash("earshot offer weight 1", clip)))
  }
}

/// Questions on a line from 0 to 1, each with a stretch as long as its weight's share of all.
struct OfferLine {
  /// By question: where its stretch ends.
  private let ends: [Double]

  /// The questions lie on the line in their order.
  init(_ weights: [Double]) {
    var sum = 0.0
    let sums = weights.map { weight in
      sum += weight
      return sum
    }
    ends = sums.map { $0 / sum }
  }

  func stretch(of question: Int) -> Range<Double> { (question == 0 ? 0 : ends[question - 1])..<ends[question] }

  /// Whose stretch holds `place`, from 0 to below 1.
  func question(at place: Double) -> Int {
    var (low, high) = (0, ends.count - 1)
    while low < high {
      let middle = (low + high) / 2
      if ends[middle] > place { high = middle } else { low = middle + 1 }
    }
    return low
  }
}

/// Numbers that look random and follow from a name: equal ones on every machine.
struct HashedNumbers {
  private let name: String
  private let id: String
  private var count = 0

  init(_ name: String, id: String) {
    self.name = name
    self.id = id
  }

  /// At least 0 and below 1.
  mutating func next() -> Double {
    count += 1
    return Self.share(stableHash(name, id, String(count)))
  }

  /// At least `-most` and below `most`.
  mutating func next(within most: Double) -> Double { (2 * next() - 1) * most }

  static func share(_ hash: UInt64) -> Double { Double(hash >> 11) * 0x1p-53 }
}
