import Foundation
import Testing

@testable import Dataset

@Suite struct ValueBalanceTests {
  /// Questions on a pitch whose answers crowd around 200 Hz, each with the wrong choices that a writer sets around it.
  private func pitches(_ count: Int, split: String = "train", stem: String = "Which pitch does it have?")
    -> [SetQuestion]
  {
    (0..<count).map { number in
      let hash = stableHash("test pitch", stem, String(number))
      let share = Double(hash % 1_000) / 1_000 + Double(hash / 1_000 % 1_000) / 1_000
      let hertz = 100 + Int(100 * share)
      let (below, above) = (Double(hertz) / (1.5 + 0.3 * share / 2), Double(hertz) * (1.5 + 0.3 * share / 2))
      return SetQuestion(
        id: "\(stem) \(number)", split: split, labels: [], correct: "\(hertz) Hz",
        distractors: ["\(Int(below)) Hz", "\(Int(above)) Hz", "\(Int(above * 1.6)) Hz"], stem: stem, skill: "pitch")
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

  private func hertz(_ text: String) -> Double { Double(text.dropLast(3)) ?? 0 }

  @Test func everyAnswerIsRightOnceWhereItIsOffered() {
    let balance = ValueBalance(pitches(400))

    #expect(balance.kept.count > 240 && balance.kept.count + balance.dropped.count == 400)
    let sets = Dictionary(grouping: balance.kept) { $0.choices.sorted() }
    for (choices, questions) in sets {
      let right = Dictionary(grouping: questions, by: \.correct).mapValues(\.count)
      #expect(Set(right.keys) == Set(choices) && Set(right.values).count == 1)
    }
  }

  @Test func whatIsOfferedIsFarFromWhatIsRight() throws {
    let scale = try #require(ValueScale(pitches(400)))
    #expect(scale.least > 0.12 && scale.least < 0.17)

    for question in ValueBalance(pitches(400)).kept {
      let nearest = question.distractors.map { abs(log(hertz($0) / hertz(question.correct))) }.min() ?? 0
      #expect(nearest >= scale.least - 1e-6)
    }
  }

  @Test func aCourseThatIsUsualIsRightNoMoreOftenThanTheOthers() {
    let balance = ValueBalance(courses([("rises", 60), ("falls", 30), ("stays", 25), ("wavers", 20)]))

    let right = Dictionary(grouping: balance.kept, by: \.correct).mapValues(\.count)
    #expect(right == ["rises": 20, "falls": 20, "stays": 20, "wavers": 20])
    #expect(balance.dropped.count == 55)
    #expect(balance.dropped.allSatisfy { $0.verdict.code == .remainder && $0.verdict.detail != nil })
  }

  @Test func answersThatComeOnceAndTooFewOfThemStayAsTheirWriterLeftThem() {
    let few = pitches(7)
    #expect(ValueBalance(few).others.map(\.id) == few.map(\.id).sorted())

    let three = courses([("rises", 60), ("falls", 30), ("stays", 25)]).map { question in
      var question = question
      question.distractors.append("wavers")
      return question
    }
    #expect(ValueBalance(three).others.count == three.count)

    let free = (0..<40).map { number in
      SetQuestion(
        id: "q\(number)", split: "train", labels: [], correct: "a tale of sort \("abcdefgh".map { "\($0)\(number)" })",
        distractors: ["one", "two", "three"], stem: "What is told?")
    }
    #expect(ValueBalance(free).others.count == 40)
  }

  @Test func rareStemsOfOneSkillAreTakenTogetherAndSplitsApart() {
    let rare = (0..<12).flatMap { pitches(4, stem: "Which pitch has part \($0)?") }
    let balance = ValueBalance(rare)
    #expect(balance.kept.count >= 16 && balance.others.isEmpty)

    let apart = ValueBalance(pitches(200) + pitches(200, split: "test", stem: "Which pitch has it?"))
    let splitOf = Dictionary(uniqueKeysWithValues: apart.kept.map { ($0.id, $0.split) })
    let sets = Dictionary(grouping: apart.kept) { $0.choices.sorted() }
    for questions in sets.values {
      #expect(questions.count % 4 == 0 || Set(questions.map { splitOf[$0.id] }).count > 1)
    }
    #expect(Set(apart.kept.map(\.split)) == ["train", "test"])
  }

  @Test func theOrderOfQuestionsChangesNothing() {
    let questions = pitches(300) + courses([("rises", 9), ("falls", 8), ("stays", 7), ("wavers", 6)])

    #expect(ValueBalance(questions.reversed()) == ValueBalance(questions))
    #expect(ValueBalance(questions.shuffled()) == ValueBalance(questions))
  }

  @Test func whatIsTrueOfTheClipIsNotOfferedAsWrong() {
    // Every third clip has a second pitch, a little above its own.
    let questions = pitches(400)
    let second = Dictionary(
      uniqueKeysWithValues: questions.enumerated().filter { $0.offset % 3 == 0 }.map {
        ($0.element.id, hertz($0.element.correct) * 1.3)
      })
    let balance = ValueBalance(questions) { question in
      guard let other = second[question.id] else { return true }
      return question.distractors.allSatisfy { abs(log(hertz($0) / other)) > 0.03 }
    }

    #expect(balance.kept.count > 150)
    for question in balance.kept {
      guard let other = second[question.id] else { continue }
      #expect(question.distractors.allSatisfy { abs(log(hertz($0) / other)) > 0.03 })
    }
    let sets = Dictionary(grouping: balance.kept) { $0.choices.sorted() }
    #expect(sets.values.allSatisfy { $0.count % 4 == 0 })
  }

  @Test func wordsOfOneAnswerInAnotherAreNotOfferedTogether() {
    let texts = ["a loud bell", "loud bell", "bell loud", "a horn", "a drum", "rain"]
    let questions = texts.flatMap { text in
      (0..<4).map { number in
        SetQuestion(
          id: "\(text)\(number)", split: "train", labels: [], correct: text,
          distractors: Array(texts.filter { $0 != text }.prefix(5).dropLast(2)), stem: "Which?")
      }
    }
    for question in ValueBalance(questions).kept {
      let bells = question.choices.filter { $0.contains("bell") }
      #expect(bells.count <= 1, "\(question.choices)")
    }
  }

  @Test(arguments: [
    ("440 Hz", "# hz", 440.0), ("-18 dBFS", "# dbfs", -18), ("about 1.5 seconds", "about # seconds", 1.5),
    ("C#3", "note", 37), ("Bb2", "note", 34), ("7", "#", 7), ("A-1", "note", -3), ("3.", "#.", 3),
    ("größer als 5 m", "größer als # m", 5),
  ])
  func quantitiesAreReadFromChoices(text: String, shape: String, number: Double) throws {
    let value = try #require(ChoiceValue(text))
    #expect(value.shape == shape && value.number == number)
  }

  @Test(arguments: ["it climbs", "2 of 3", "", "from 1 s to 2 s", "h2o is 3", "1,000 2"])
  func textsThatNameNoSingleQuantityAreNone(text: String) {
    #expect(ChoiceValue(text) == nil)
  }

  @Test func aScaleOfStepsIsToldFromOneOfRatios() throws {
    let levels = (0..<50).map { number in
      SetQuestion(
        id: "\(number)", split: "train", labels: [], correct: "\(10 + number) percent",
        distractors: ["\(20 + number) percent", "\(number) percent"], stem: "How much?")
    }
    #expect(abs(try #require(ValueScale(levels)).least - 3) < 1e-9)
    #expect(ValueScale(courses([("rises", 3), ("falls", 3)])) == nil)
  }

  /// No stretch of the line as long as the least distance can hold more than one question of a set.
  @Test func asManySetsAreMadeAsTheScaleAllows() {
    let crowded = [Double](repeating: 5, count: 90) + [0, 1, 2, 3, 7, 8, 9, 10]
    let sets = QuantitySets(places: crowded, hashes: crowded.indices.map { UInt64($0) }, size: 3, least: 2)

    // Five at the most: each needs two that are not the crowd, and at least 2 from it and from each other.
    #expect(sets.sets.count == 4)
    for set in sets.sets {
      let places = set.map { crowded[$0] }.sorted()
      #expect(zip(places, places.dropFirst()).allSatisfy { $1 - $0 >= 2 })
    }
    #expect(Set(sets.sets.flatMap(\.self) + sets.left).count == crowded.count)
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
