import Foundation
import Testing

@testable import Dataset

@Suite struct DrawnChoicesTests {
  private let names = ["dog", "cat", "rain", "wind", "bell", "horn", "drum", "owl"]

  /// Label questions, `count` of each label, that were divided into sets.
  private func labelQuestions(_ count: Int) -> [SetQuestion] {
    let questions = names.flatMap { label in
      (0..<count).map { number in
        // Every fifth clip has a second label.
        let other = names[(number + names.firstIndex(of: label)! + 3) % names.count]
        return SetQuestion(
          id: "\(label)-\(number)", clip: "\(label) clip \(number / 2)", split: "train",
          labels: number % 5 == 0 ? [label, other] : [label], correct: label, distractors: ["w1", "w2", "w3"])
      }
    }
    return LabelBalance(questions).kept
  }

  /// Questions on how long something is, in steps of `step`, with the wrong choices that a writer sets around it.
  private func lengths(_ count: Int, step: Int = 1, of value: (Int) -> Double) -> [SetQuestion] {
    (0..<count).map { number in
      let length = Int((value(number) / Double(step)).rounded()) * step
      let wrong = [0.62, 1.6, 2.56].map { "\(Int(Double(length) * $0 / Double(step)) * step) ms" }
      return SetQuestion(
        id: "q\(number)", clip: "c\(number)", split: "train", labels: [], correct: "\(length) ms", distractors: wrong,
        stem: "How long is it?", skill: "timing")
    }
  }

  private func even(_ number: Int) -> Double {
    100 + 3_900 * HashedNumbers.share(stableHash("test length", "\(number)"))
  }
  private func milliseconds(_ text: String) -> Double { Double(text.dropLast(3)) ?? 0 }

  private func drawn(_ questions: [SetQuestion], isSound: @escaping (SetQuestion) -> Bool = { _ in true })
    -> [SetQuestion]
  {
    let balance = ValueBalance(questions, isSound: isSound)
    return DrawnChoices.values(balance, of: questions, OfferWeights(balance.kept), isSound: isSound)
  }

  private func labels(_ questions: [SetQuestion]) -> [SetQuestion] {
    DrawnChoices.labels(questions, OfferWeights(questions))
  }

  @Test func labelsAreRightAboutAsOftenAsIfTheRightOneWereDrawnByLot() {
    let drawn = labels(labelQuestions(100))

    var scores: [Double] = []
    for label in names {
      let offered = Double(drawn.count { $0.choices.contains(label) })
      let right = Double(drawn.count { $0.correct == label })
      scores.append((right - offered / 4) / (offered * 3 / 16).squareRoot())
    }
    // 100 are right of about 400 that are offered, so that their share is kept within 3 points.
    #expect(scores.allSatisfy { abs($0) < 0.03 * 400 / (400.0 * 3 / 16).squareRoot() })
    // Shares that are all even tell the right choice: it is missing among the other questions.
    #expect(scores.contains { abs($0) > 0.5 })
  }

  @Test func aClipsOwnLabelsAreNotDrawn() {
    let given = labelQuestions(60)
    let drawn = labels(given)

    #expect(drawn.map(\.id) == given.map(\.id) && drawn.map(\.correct) == given.map(\.correct))
    for question in drawn {
      #expect(Set(question.choices).count == 4)
      #expect(Set(question.distractors).isDisjoint(with: question.labels))
    }
    let sets = Dictionary(grouping: drawn) { $0.choices.sorted() }
    #expect(
      sets.values.contains { Set($0.map(\.correct)).count < 4 }, "questions no longer share their choices by fours")
  }

  @Test func theOrderOfTheQuestionsDoesNotMatter() {
    let labels = labelQuestions(20)
    #expect(self.labels(labels.reversed()) == self.labels(labels))
    let values = lengths(200, of: even)
    #expect(drawn(values.reversed()) == drawn(values))
  }

  @Test func whereAmongTheChoicesTheRightNumberLiesSaysNothing() {
    let drawn = drawn(lengths(800, of: even))

    #expect(drawn.count > 500)
    var ranks = [0, 0, 0, 0]
    for question in drawn {
      ranks[question.distractors.count { milliseconds($0) < milliseconds(question.correct) }] += 1
    }
    for rank in ranks { #expect(abs(Double(rank) / Double(drawn.count) - 0.25) < 0.05, "\(ranks)") }
  }

  @Test func drawnNumbersAreAsFarApartAsWritersWant() throws {
    let questions = lengths(400, of: even)
    let least = try #require(ValueScale(questions)).least
    for question in drawn(questions) {
      let places = question.choices.map { log(milliseconds($0)) }.sorted()
      #expect(zip(places, places.dropFirst()).allSatisfy { $1 - $0 >= least - 1e-6 })
    }
  }

  @Test func aNumberThatIsRightOfOneClipAloneIsOfferedElsewhereOnlyByChance() {
    let questions = lengths(400, of: even)
    let clips = Dictionary(grouping: questions, by: \.correct).mapValues(\.count)
    let drawn = drawn(questions)

    let wrong = drawn.flatMap(\.distractors)
    let ownedByOne = wrong.count { clips[$0] == 1 }
    // 400 clips have about a tenth of the 3,900 numbers.
    #expect(Double(ownedByOne) < 0.15 * Double(wrong.count))
    #expect(Double(wrong.count { clips[$0] == nil }) > 0.8 * Double(wrong.count))
    let range = questions.map { milliseconds($0.correct) }
    #expect(wrong.allSatisfy { milliseconds($0) >= range.min()! && milliseconds($0) <= range.max()! })
  }

  @Test func aNumberThatManyClipsHaveIsOfferedAsItIs() {
    let usual = [500.0, 1_000, 2_000, 3_000, 700, 1_400]
    let drawn = drawn(lengths(300) { usual[$0 % 6] })

    #expect(!drawn.isEmpty)
    #expect(Set(drawn.flatMap(\.choices)).isSubset(of: Set(usual.map { "\(Int($0)) ms" })))
  }

  @Test(arguments: [10, 50]) func numbersAreRoundedLikeThoseBesideThem(step: Int) {
    for question in drawn(lengths(300, step: step, of: even)) {
      #expect(question.choices.allSatisfy { Int(milliseconds($0)) % step == 0 }, "\(question.choices)")
    }
  }

  @Test func whatIsTrueOfTheClipIsNotDrawn() {
    let questions = lengths(400, of: even)
    let isSound = { (question: SetQuestion) in
      question.distractors.allSatisfy { !(900..<1_300).contains(milliseconds($0)) } || question.id.hasSuffix("7")
    }
    let drawn = drawn(questions, isSound: isSound)
    #expect(drawn.count > 100 && drawn.allSatisfy(isSound))
  }

  @Test(arguments: [
    ("about 1.5 seconds", 2.25, "about 2.2 seconds"), ("-18 dBFS", -21.4, "-21 dBFS"), ("3", -0.2, "0"),
    ("größer als 5 m", 12, "größer als 12 m"),
  ])
  func anotherNumberTakesTheDigitsOfTheFirst(text: String, number: Double, expected: String) throws {
    #expect(try #require(QuantityText(text)).with(number) == expected)
  }

  @Test(arguments: ["no number", "2 of 3", ""]) func textsWithoutASingleNumberAreNone(text: String) {
    #expect(QuantityText(text) == nil)
  }
}
