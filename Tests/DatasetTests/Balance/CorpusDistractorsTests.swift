import Testing

@testable import Dataset

@Suite struct CorpusDistractorsTests {
  private let animals = [
    "a dog barking", "a cat meowing", "a cow mooing", "a sheep bleating", "a horse neighing", "an owl hooting",
    "a duck quacking", "a frog croaking", "a bee buzzing", "a lion roaring", "a goat calling", "a crow cawing",
  ]
  private let places = ["a kitchen", "a street", "a forest", "a station", "a church", "a beach", "a stadium", "a barn"]

  /// Questions such as a model writes: every wrong choice is its own invention.
  private func questions(_ count: Int = 120) -> [SetQuestion] {
    (0..<count).map { number in
      let asksAnimal = number % 2 == 0
      let answers = asksAnimal ? animals : places
      let hash = stableHash("test corpus", "\(number)")
      return SetQuestion(
        id: "q\(number)", split: number % 3 == 0 ? "test" : "train", labels: [],
        correct: answers[Int(hash % UInt64(answers.count))],
        distractors: ["invention \(number)a", "invention \(number)b", "invention \(number)c"],
        stem: asksAnimal
          ? "What animal is heard \(number % 4 < 2 ? "near the end" : "at first")?"
          : "Where was the clip recorded?", skill: asksAnimal ? "identification" : "inference")
    }
  }

  @Test func wrongChoicesAreRightOfOtherClipsWithTheSameKindOfQuestion() {
    let written = questions()
    let made = CorpusDistractors(written)

    #expect(made.questions.map(\.id) == written.map(\.id).sorted())
    #expect(made.exchanged > 80)
    for question in made.questions where !question.distractors[0].hasPrefix("invention") {
      let answers = question.skill == "identification" ? animals : places
      #expect(question.distractors.allSatisfy { answers.contains($0) && $0 != question.correct })
      #expect(Set(question.choices).count == 4)
    }
  }

  @Test func whatIsOfferedIsRightAsOftenAsChanceHasIt() {
    let made = CorpusDistractors(questions(400)).questions.filter { !$0.distractors[0].hasPrefix("invention") }
    var (offered, right): ([String: Int], [String: Int]) = ([:], [:])
    for question in made {
      right[question.correct, default: 0] += 1
      for choice in question.choices { offered[choice, default: 0] += 1 }
    }

    #expect(made.count > 280)
    for (text, count) in offered {
      let share = Double(right[text, default: 0]) / Double(count)
      #expect(abs(share - 0.25) < 0.1, "\(text) is right in \(share)")
    }
  }

  @Test func whatIsTrueOfTheClipIsNotOffered() {
    let made = CorpusDistractors(questions()) { question in
      question.distractors.allSatisfy { $0 != "a dog barking" && $0 != "a street" }
    }

    #expect(made.exchanged > 60)
    #expect(
      made.questions.allSatisfy { !$0.distractors.contains("a dog barking") && !$0.distractors.contains("a street") })
  }

  @Test func answersThatSayTheSameAndThatAreMuchLongerAreNotOffered() {
    let close = [
      "a dog barking", "the barking of a dog", "dog barking loudly", "a barking dog and a man who is shouting at it",
    ]
    let written = (0..<64).map { number in
      SetQuestion(
        id: "q\(number)", split: "train", labels: [], correct: (close + animals.dropFirst())[number % 15],
        distractors: ["invention a\(number)", "invention b\(number)", "invention c\(number)"],
        stem: "What animal is heard?", skill: "identification")
    }
    let made = CorpusDistractors(written)

    #expect(made.exchanged > 20)
    for question in made.questions where !question.distractors[0].hasPrefix("invention") {
      #expect(question.choices.count { $0.contains("dog") } <= 1, "\(question.choices)")
      let lengths = question.choices.map { Double($0.count) }
      #expect(question.distractors.allSatisfy { Double($0.count) <= 2 * Double(question.correct.count) }, "\(lengths)")
    }
  }

  @Test func aClipsLabelsAreNotOfferedAndFewQuestionsOfAKindKeepTheirs() {
    let labelled = questions().map { question in
      var question = question
      question.labels = ["A Cat Meowing"]
      return question
    }
    let made = CorpusDistractors(labelled)
    #expect(made.exchanged > 40)
    #expect(made.questions.allSatisfy { !$0.distractors.contains("a cat meowing") })

    let few = Array(questions().prefix(20))
    #expect(CorpusDistractors(few).exchanged == 0)
    #expect(CorpusDistractors(few).questions == few.sorted { $0.id < $1.id })
  }

  @Test func theOrderOfQuestionsChangesNothing() {
    let written = questions()

    #expect(CorpusDistractors(written.reversed()) == CorpusDistractors(written))
    #expect(CorpusDistractors(written.shuffled()) == CorpusDistractors(written))
  }

  @Test func aSetTakesFromItselfWhatItIsAskedTo() {
    let written = questions()
    func isInvented(_ balance: SetBalance) -> Int {
      balance.placed.count { $0.choices.contains { $0.hasPrefix("invention") } }
    }

    #expect(isInvented(SetBalance(written, distractors: .written)) == 120)
    #expect(isInvented(SetBalance(written, distractors: .values)) == 120)
    let corpus = SetBalance(written, distractors: .corpus)
    #expect(corpus.corpusQuestions > 80 && isInvented(corpus) == 120 - corpus.corpusQuestions)
    #expect(corpus.dropped.isEmpty)
  }
}
