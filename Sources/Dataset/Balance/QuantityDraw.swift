import Foundation

/// Draws the wrong choices of questions on a quantity anew, so that the right one cannot be told from the other
/// questions.
///
/// The answers of a pool in their order, each as long as its weight (``OfferWeights``), make a ring. A question's choices
/// lie about equally far from each other on the ring, the right one anywhere among them: the lowest of them is right as
/// often as the highest, and as often as chance has it. What is offered is the answer that lies there, where it is a usual
/// one (``UsualNumbers``). Others would be known: what is right of one clip alone is wrong wherever else it is offered.
/// In their place stands a number from between their neighbours, rounded like theirs.
struct QuantityDraw {
  private struct Answer {
    var question: SetQuestion
    var place: Double
    /// How likely it is to be offered as it is.
    var usual: Double
    /// The text that another number is put into, and what numbers like it are multiples of; nil where it has none.
    var varied: (text: QuantityText, step: Double)?
  }

  /// How often choices are drawn for a question, and how far they may lie from their part of the ring; at the end without
  /// weights.
  private static let rounds = [(tries: 20, spread: 0.08), (tries: 20, spread: 0.04), (tries: 10, spread: 0.02)]
  /// Choices that turn out not to be sound are drawn again so many times.
  private static let mostUnsound = 4
  /// How many answers away the neighbours are, on either side, that a number is taken from between.
  private static let reach = 6

  private let answers: [Answer]
  private let scale: ValueScale
  private let line: OfferLine
  private let evenLine: OfferLine

  /// The questions of `pool` with choices drawn for them. Those for which nothing is found keep the ones they have.
  static func drawn(
    _ pool: [SetQuestion], scale: ValueScale, usual: UsualNumbers, weights: OfferWeights, isSound: (SetQuestion) -> Bool
  ) -> [SetQuestion] {
    pool.isEmpty ? [] : QuantityDraw(pool, scale, usual, weights).drawn(isSound)
  }

  private init(_ pool: [SetQuestion], _ scale: ValueScale, _ usual: UsualNumbers, _ weights: OfferWeights) {
    let placed = pool.map { question in
      (
        question, ChoiceValue(question.correct).map(scale.place) ?? 0,
        stableHash("earshot quantity draw 1", question.id)
      )
    }
    .sorted { ($0.1, $0.2, $0.0.id) < ($1.1, $1.2, $1.0.id) }
    let questions = placed.map(\.0)
    let steps = QuantitySteps(questions.map(\.correct))
    answers = placed.enumerated().map { number, member in
      Answer(
        question: member.0, place: member.1, usual: usual.share(of: member.0.correct),
        varied: steps.step(around: number))
    }
    line = OfferLine(questions.map(weights.weight))
    evenLine = OfferLine(questions.map { _ in 1 })
    self.scale = scale
  }

  private func drawn(_ isSound: (SetQuestion) -> Bool) -> [SetQuestion] {
    answers.indices.map { own in
      var numbers = HashedNumbers("earshot quantity draw 2", id: answers[own].question.id)
      var (question, unsound) = (answers[own].question, 0)
      for (round, (tries, spread)) in Self.rounds.enumerated() {
        let line = round + 1 < Self.rounds.count ? self.line : evenLine
        for _ in 0..<tries where unsound < Self.mostUnsound {
          guard let choices = choices(beside: own, line, spread, &numbers) else { continue }
          question.distractors = choices
          if isSound(question) { return question }
          unsound += 1
        }
      }
      return answers[own].question
    }
  }

  /// Wrong choices, each from its part of the ring; nil where two of them lie too near.
  private func choices(
    beside own: Int, _ line: OfferLine, _ spread: Double, _ numbers: inout HashedNumbers
  ) -> [String]? {
    let stretch = line.stretch(of: own)
    let start = stretch.lowerBound + numbers.next() * (stretch.upperBound - stretch.lowerBound)
    let first = start - numbers.next(within: spread)
    let size = answers[own].question.choices.count
    var offers = [(text: answers[own].question.correct, place: answers[own].place)]
    for part in 1..<size {
      let place = first + Double(part) / Double(size) + numbers.next(within: spread)
      let offer = offer(line.question(at: place - place.rounded(.down)), &numbers)
      // Without what rounding of logarithms adds.
      guard offers.allSatisfy({ abs($0.place - offer.place) >= scale.least - 1e-9 && $0.text != offer.text }) else {
        return nil
      }
      offers.append(offer)
    }
    return offers.dropFirst().map(\.text)
  }

  private func offer(_ answer: Int, _ numbers: inout HashedNumbers) -> (text: String, place: Double) {
    let own = answers[answer]
    guard let varied = own.varied, numbers.next() >= own.usual else { return (own.question.correct, own.place) }
    let low = answers[max(0, answer - Self.reach)].place
    let high = answers[min(answers.count - 1, answer + Self.reach)].place
    let number = scale.number(at: low + numbers.next() * (high - low))
    let text = varied.text.with((number / varied.step).rounded() * varied.step)
    guard let value = ChoiceValue(text), scale.holds(value) else { return (own.question.correct, own.place) }
    return (text, scale.place(of: value))
  }
}
