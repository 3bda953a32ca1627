import Foundation
import Testing

@testable import Dataset

@Suite struct ValueBalanceTests {
  /// Pitches around 120 Hz, with wrong choices as a writer makes them: some times lower or higher.
  private func pitches(_ count: Int, split: String = "train") -> [SetQuestion] {
    (0..<count).map { number in
      let hash = stableHash("test", "\(number)")
      let hertz = 80 + Int(hash % 1_200)
      let factors = [0.3, 0.55, 1.8, 3.2]
      let wrong = (0..<3).map { Int(Double(hertz) * factors[(number + $0) % 4]) }
      return SetQuestion(
        id: "q\(number)", split: split, labels: [], correct: "\(hertz) Hz", distractors: wrong.map { "\($0) Hz" },
        stem: "What is the pitch?")
    }
  }

  private func courses(_ counts: [(String, Int)]) -> [SetQuestion] {
    let all = counts.map(\.0)
    return counts.flatMap { text, count in
      (0..<count).map { number in
        SetQuestion(
          id: "\(text) \(number)", split: "train", labels: [], correct: text, distractors: all.filter { $0 != text },
          stem: "How does it move?")
      }
    }
  }

  @Test func everyAnswerIsRightOnceWhereItIsOffered() {
    let balance = ValueBalance(pitches(400))

    #expect(balance.kept.count > 100 && balance.kept.count + balance.dropped.count == 400)
    let sets = Dictionary(grouping: balance.kept) { $0.choices.sorted() }
    for (choices, questions) in sets {
      let right = Dictionary(grouping: questions, by: \.correct).mapValues(\.count)
      #expect(Set(right.keys) == Set(choices) && Set(right.values).count == 1)
    }
  }

  @Test func whatIsOfferedIsFarFromWhatIsRight() {
    let before = Dictionary(uniqueKeysWithValues: pitches(400).map { ($0.id, $0) })

    for question in ValueBalance(pitches(400)).kept {
      let right = Double(question.correct.dropLast(3))!
      let nearest = before[question.id]!.distractors.map { abs(log(Double($0.dropLast(3))! / right)) }.min()!
      for wrong in question.distractors {
        #expect(abs(log(Double(wrong.dropLast(3))! / right)) >= nearest / 2 - 1e-9)
      }
    }
  }

  @Test func aCourseThatIsUsualIsRightNoMoreOftenThanTheOthers() {
    let balance = ValueBalance(courses([("rises", 60), ("falls", 30), ("stays", 25), ("wavers", 20)]))

    let right = Dictionary(grouping: balance.kept, by: \.correct).mapValues(\.count)
    #expect(right == ["rises": 20, "falls": 20, "stays": 20, "wavers": 20])
    #expect(balance.dropped.count == 55)
    #expect(balance.dropped.allSatisfy { $0.verdict.code == .remainder && $0.verdict.detail != nil })
  }

  @Test func stemsOfFewClipsAndSplitsStayApart() {
    let few = pitches(7)
    #expect(ValueBalance(few).others.map(\.id) == few.map(\.id).sorted())

    let apart = ValueBalance(
      pitches(200)
        + pitches(200, split: "test").map { question in
          var question = question
          question.id += "t"
          return question
        })
    let sets = Dictionary(grouping: apart.kept) { $0.choices.sorted().joined() + $0.split }
    #expect(sets.values.allSatisfy { $0.count % 4 == 0 })
  }

  @Test func theOrderOfQuestionsChangesNothing() {
    let questions = pitches(300) + courses([("rises", 9), ("falls", 8), ("stays", 7), ("wavers", 6)])

    #expect(ValueBalance(questions.reversed()) == ValueBalance(questions))
    #expect(ValueBalance(questions.shuffled()) == ValueBalance(questions))
  }

  @Test func wordsOfOneAnswerInAnotherAreNotOfferedTogether() {
    let texts = ["a loud bell", "loud bell", "bell loud", "a horn", "a drum", "rain"]
    let questions = texts.flatMap { text in
      (0..<4).map { number in
        SetQuestion(
          id: "\(text)\(number)", split: "train", labels: [], correct: text,
          distractors: Array(texts.filter { $0 != text }.prefix(5)).shuffled().dropLast(2), stem: "Which?")
      }
    }
    for question in ValueBalance(questions).kept {
      let bells = question.choices.filter { $0.contains("bell") }
      #expect(bells.count <= 1, "\(question.choices)")
    }
  }

  @Test(arguments: [
    ("440 Hz", "# hz", 440.0), ("-18 dBFS", "# dbfs", -18), ("about 1.5 seconds", "about # seconds", 1.5),
    ("C#3", "note", 37), ("Bb2", "note", 34), ("7", "#", 7),
  ])
  func quantitiesAreReadFromChoices(text: String, shape: String, number: Double) throws {
    let value = try #require(ChoiceValue(text))
    #expect(value.shape == shape && value.number == number)
  }

  @Test(arguments: ["it climbs", "2 of 3", "", "from 1 s to 2 s"])
  func textsThatNameNoSingleQuantityAreNone(text: String) {
    #expect(ChoiceValue(text) == nil)
  }

  @Test(arguments: [
    ("100 Hz", ["200 Hz", "50 Hz"], "125 Hz", false), ("100 Hz", ["200 Hz", "50 Hz"], "150 Hz", true),
    ("100 Hz", ["200 Hz", "50 Hz"], "70 Hz", true), ("100 Hz", ["200 Hz", "50 Hz"], "80 Hz", false),
    ("100 Hz", ["200 Hz"], "150 kHz", false), ("3", ["2", "9", "5"], "4", true), ("3", ["2", "9", "5"], "3", false),
    ("A2", ["D2", "F#2"], "B2", true), ("A2", ["D2", "F#2"], "A#2", false),
  ])
  func whatIsHalfAsFarAsTheNearestWrongChoiceIsWrong(
    correct: String, distractors: [String], other: String, isWrong: Bool
  ) throws {
    let spacing = try #require(ValueSpacing(correct: correct, distractors: distractors))
    #expect(try spacing.excludes(#require(ChoiceValue(other))) == isWrong)
  }

  /// A million questions would take minutes if sets were searched for without a bound.
  @Test func largePoolsTakeTimeInProportion() {
    let questions = (0..<40_000).map { number in
      SetQuestion(
        id: "q\(number)", split: "train", labels: [], correct: "\(1 + number % 3_000) Hz",
        distractors: ["\(20_000 + number) Hz", "\(30_000 + number) Hz", "\(40_000 + number) Hz"], stem: "Which pitch?")
    }
    let start = ContinuousClock.now
    let balance = ValueBalance(questions)
    #expect(balance.kept.count + balance.dropped.count == 40_000)
    #expect(ContinuousClock.now - start < .seconds(120))
  }
}
