import Dataset
import Testing

@testable import Evaluation

/// What the text of a balanced set tells of its answers, to who learns from the questions of other clips: nothing, and
/// not less than nothing either.
@Suite struct BalancedSetTests {
  /// Two questions on each of `count` clips: on its label, and on how long it is.
  private func questions(_ count: Int, seed: UInt64) -> [SetQuestion] {
    var random = SplitMix64(seed: seed)
    func share() -> Double { Double(random.next() >> 11) * 0x1p-53 }
    let labels = (0..<12).map { "sound \($0)x" }
    return (0..<count).flatMap { number in
      let label = labels[Int(12 * share() * (0.5 + share() / 2))]
      let length = Int(200 + 1_800 * (share() + share()) / 2)
      let wrong = [0.6, 1.65, 2.7].map { "\(Int(Double(length) * $0)) ms" }
      return [
        SetQuestion(
          id: "label \(number)", clip: "c\(number)", split: "train", labels: [label], correct: label,
          distractors: ["thunder", "laughter", "an engine"], stem: "Which sound is heard?", skill: "identification"),
        SetQuestion(
          id: "length \(number)", clip: "c\(number)", split: "train", labels: [label], correct: "\(length) ms",
          distractors: wrong, stem: ["How long is it?", "How much time does it take?"][number % 2], skill: "timing"),
      ]
    }
  }

  private func accuracy(_ placed: [PlacedQuestion], of questions: [SetQuestion]) -> Double {
    let given = Dictionary(uniqueKeysWithValues: questions.map { ($0.id, $0) })
    let items = placed.map { question in
      TextOnlyClassifier.Item(
        id: question.id, clip: given[question.id]?.clip ?? "", stem: given[question.id]?.stem ?? "",
        choices: question.choices, answer: question.answerIndex)
    }
    return TextOnlyScore(TextOnlyClassifier.crossFitted(items))?.accuracy ?? 0
  }

  @Test func aBalancedSetIsAnsweredAsOftenAsChanceHasIt() {
    var found: [Double] = []
    for seed in UInt64(1)...12 {
      let questions = questions(500, seed: seed)
      let placed = SetBalance(questions).placed
      found.append(accuracy(placed, of: questions))
    }
    #expect(found.allSatisfy { abs($0 - 0.25) < 0.05 }, "\(found)")
    #expect(abs(found.reduce(0, +) / 12 - 0.25) < 0.03, "\(found)")
  }

  @Test func asWrittenItIsAnsweredFarMoreOften() {
    let questions = questions(500, seed: 1)
    let written = SetBalance(questions, distractors: .written).placed.filter { $0.id.hasPrefix("length") }
    #expect(accuracy(written, of: questions) > 0.4)
  }

  /// Shares that are even to the last question are a cue as well: the right answer is what is missing among the others.
  @Test func setsWithEvenSharesAreAnsweredLessOftenThanChance() {
    let questions = questions(500, seed: 1)
    let even = LabelBalance(questions).kept.map {
      PlacedQuestion(id: $0.id, choices: $0.choices, answerIndex: 0)
    }
    let turned = even.enumerated().map { number, question in
      let turn = number % 4
      let choices = Array(question.choices[turn...] + question.choices[..<turn])
      return PlacedQuestion(id: question.id, choices: choices, answerIndex: (4 - turn) % 4)
    }
    #expect(accuracy(turned, of: questions) < 0.2)
  }
}
