import Foundation
import Testing

@testable import Dataset

@Suite struct LabelBalanceTests {
  /// Label questions, one for each clip, `counts[label]` of each label.
  private func questions(_ counts: KeyValuePairs<String, Int>, splits: [String] = ["train"]) -> [SetQuestion] {
    counts.flatMap { label, count in
      (0..<count).map { number in
        let id = "\(label)-\(number)"
        return SetQuestion(
          id: id, split: splits[Int(stableHash(id) % UInt64(splits.count))], labels: [label], correct: "a \(label).",
          distractors: ["w1", "w2", "w3"])
      }
    }
  }

  /// Holds a balance to what it promises, whatever the questions were.
  private func expectFair(_ balance: LabelBalance, of questions: [SetQuestion]) {
    let given = Dictionary(uniqueKeysWithValues: questions.map { ($0.id, $0) })
    let counts = Set(questions.map(\.choices.count))
    let checks = Dictionary(uniqueKeysWithValues: counts.map { ($0, QuestionChecks(CheckSettings(choices: $0))) })
    var right: [String: [String: Int]] = [:]
    for question in balance.kept {
      let original = given[question.id]!
      let key = LabelTable.key
      #expect(
        original.labels.contains { key($0) == key(question.correct) } && key(question.correct) == key(original.correct))
      #expect(question.distractors.count == original.distractors.count)
      #expect(!question.distractors.contains { wrong in original.labels.contains { key($0) == key(wrong) } })
      #expect(
        checks[question.choices.count]!.verdict(
          for: WrittenQuestion(stem: "Q?", correct: question.correct, distractors: question.distractors))
          == .accepted)
      let offer = question.split + ": " + question.choices.sorted().joined(separator: ", ")
      right[offer, default: [:]][question.correct, default: 0] += 1
    }
    for (offer, counts) in right {
      #expect(counts.count == offer.split(separator: ", ").count, "each choice of \(offer) is right")
      #expect(Set(counts.values).count == 1, "and as often as the others")
    }
    let ids = (balance.kept.map(\.id) + balance.dropped.map(\.id) + balance.others.map(\.id)).sorted()
    #expect(ids == questions.map(\.id).sorted())
  }

  // The distribution of a set of recordings of ten animals: three of them are two thirds of the clips.
  private let animals = [
    ("bird", 132), ("cat", 134), ("chicken", 21), ("cow", 44), ("dog", 110), ("donkey", 15), ("frog", 21), ("lion", 31),
    ("monkey", 21), ("sheep", 21),
  ]

  @Test func animalsAreBalancedWithHardlyALoss() {
    let set = animals.flatMap { label, count in
      questions([label: count], splits: ["train", "train", "train", "dev", "test"])
    }

    let balance = LabelBalance(set)

    expectFair(balance, of: set)
    #expect(balance.others.isEmpty)
    print("animals: \(balance.kept.count) of \(set.count) kept")
    #expect(balance.kept.count >= set.count * 9 / 10)
  }

  @Test func aLabelOnEverySecondClipIsCutBack() {
    let set = questions(["speech": 500, "rain": 40, "wind": 30, "bell": 20])

    let balance = LabelBalance(set)

    expectFair(balance, of: set)
    #expect(balance.kept.count == 80)
    let speech = balance.shares.first { $0.label == "speech" }
    #expect(speech?.overShare == 480 && speech?.kept == 20 && speech?.questions == 500)
    let verdicts = balance.dropped.map(\.verdict)
    #expect(verdicts.filter { $0.code == .labelShare }.count == 510)
    #expect(verdicts.contains { $0.detail == "'speech' has 500 questions in train; the other labels balance 20." })
  }

  @Test func theBoundOnSetsIsTheLargestThatCanBeFilled() {
    #expect(LabelSets.mostSets([5, 5, 5, 5], size: 4) == 5)
    #expect(LabelSets.mostSets([100, 2, 2, 2, 2], size: 4) == 2)
    #expect(LabelSets.mostSets([100, 3, 3, 3, 3, 3], size: 4) == 5)
    #expect(LabelSets.mostSets([], size: 4) == 0)
  }

  @Test func labelsThatContainEachOtherAreNeverOfferedTogether() {
    let set = questions([
      "dog": 30, "dog barking": 30, "barking dog": 30, "cat": 30, "cat_meowing": 30, "rain": 30, "Dog": 5,
    ])

    let balance = LabelBalance(set)

    expectFair(balance, of: set)
    #expect(balance.kept.isEmpty)
    #expect(balance.dropped.allSatisfy { $0.verdict.code == .remainder })
  }

  @Test func theTextOfALabelIsTheManifests() {
    var set = questions(["Dog": 3, "dog": 2, "Bird chirping, tweeting": 5, "rain": 5, "Wind": 5])
    for index in set.indices { set[index].correct = "The " + set[index].labels[0].uppercased() + "." }

    let balance = LabelBalance(set)

    #expect(Set(balance.kept.map(\.correct)) == ["Dog", "Bird chirping, tweeting", "rain", "Wind"])
    #expect(balance.kept.count == 20)
  }

  @Test func withFewerLabelsThanChoicesTheWritersStay() {
    let set = questions(["dog": 30, "cat": 30, "rain": 30])

    let balance = LabelBalance(set)

    #expect(balance.kept.isEmpty && balance.dropped.isEmpty)
    #expect(balance.unbalanced == 90)
    #expect(balance.others == set.sorted { $0.id < $1.id })
  }

  @Test func questionsOnOtherThingsStayAsTheyAre() {
    let other = SetQuestion(id: "x", split: "train", labels: ["dog"], correct: "three", distractors: ["1", "2", "4"])

    let balance = LabelBalance(questions(["dog": 2, "cat": 2, "rain": 2, "wind": 2]) + [other])

    #expect(balance.others == [other])
    #expect(balance.kept.count == 8)
  }

  @Test func theOrderOfTheQuestionsDoesNotMatter() {
    let set = animals.flatMap { label, count in questions([label: count]) }

    #expect(LabelBalance(set.reversed()) == LabelBalance(set))
  }

  @Test(arguments: 1...12) func skewedSetsOfManyLabelsAreFair(seed: UInt64) {
    var generator = SeededGenerator(state: seed)
    let labelCount = Int.random(in: 4...60, using: &generator)
    let most = Int.random(in: 1...3, using: &generator)
    let set = (0..<1500).map { number in
      let labels = (0..<Int.random(in: 1...most, using: &generator)).map { _ in
        let skewed = Double.random(in: 0..<1, using: &generator)
        return "label\(Int(Double(labelCount) * skewed * skewed))x"
      }
      return SetQuestion(
        id: "q\(number)", split: ["train", "dev"].randomElement(using: &generator)!, labels: labels,
        correct: labels.randomElement(using: &generator)!,
        distractors: Array(["1", "2", "3", "4", "5"].prefix(number % 7 == 0 ? 4 : 3)))
    }

    let balance = LabelBalance(set)

    expectFair(balance, of: set)
    print(
      "labels \(labelCount), up to \(most) a clip: \(balance.kept.count) of \(set.count - balance.others.count) kept")
  }

  // Comparing all pairs of questions would take minutes.
  @Test(.timeLimit(.minutes(5))) func manyQuestionsTakeAMoment() {
    var generator = SeededGenerator(state: 7)
    let set = (0..<50_000).map { number in
      let labels = (0..<Int.random(in: 1...3, using: &generator)).map { _ in
        let skewed = Double.random(in: 0..<1, using: &generator)
        return "label\(Int(500 * skewed * skewed))x"
      }
      return SetQuestion(
        id: "q\(number)", split: "train", labels: labels, correct: labels[0], distractors: ["1", "2", "3"])
    }

    let balance = LabelBalance(set)

    #expect(balance.kept.count > 49_000)
  }
}
