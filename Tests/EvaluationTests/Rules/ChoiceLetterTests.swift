import Testing

@testable import Evaluation

@Suite struct ChoiceLetterTests {
  private let animals = ["dog", "cat", "a bird", "cow"]

  @Test(arguments: [
    "B", "b", " B\n", "(B)", "B.", "B)", "b)", "[B]", "B:", "\"B\"", "**B**", "B: cat", "B. Cat.", "(B) cat", "(B)cat",
    "B - cat", "The answer is B", "The answer is B.", "the correct answer is: (B)", "Answer: B", "Answer: **B**",
    "Option B", "I choose option B, the cat.", "The correct option is B because it meows.", "B\nIt meows.",
    "B. It meows.",
    "The answer would be B.", "B. cat, not a dog",
  ])
  func aLetterIsRead(output: String) {
    #expect(ChoiceLetter.place(in: output, choices: animals) == 1)
  }

  @Test(arguments: [
    "", "cat", "A cat", "a cat", "A bird", "The answer is a bird", "The answer is A bird", "A or B", "(A) (B)", "A, B",
    "B. dog", "The answer is B, dog", "The answer is not B but C", "E", "E. cat", "Bright", "B's", "B#", "the B",
    "C, or B",
    "I think it is the cat", "AB", "B2",
  ])
  func noLetterIsReadWhereNoneOrSeveralAreMeant(output: String) {
    #expect(ChoiceLetter.place(in: output, choices: animals) == nil)
  }

  @Test func keysOfMusicAreNoLetters() {
    let keys = ["A minor", "C major", "D minor", "G major"]

    #expect(ChoiceLetter.place(in: "The answer is C major.", choices: keys) == nil)
    #expect(ChoiceLetter.place(in: "B. C major", choices: keys) == 1)
    #expect(ChoiceLetter.place(in: "A. A minor", choices: keys) == 0)
    #expect(ChoiceLetter.place(in: "B", choices: ["B", "A"]) == nil)
    #expect(ChoiceLetter.place(in: "A", choices: ["A", "B"]) == 0)
  }

  @Test(arguments: [
    ("dog", 0), (" cat \n", 1), ("(C) a bird", 2), ("D", 3), ("I hear the dog barking", 0), ("dog and cat", nil),
    ("", nil),
    ("a fox", nil), ("Dog", 0),
  ])
  func theChoiceThatIsMeantIsFound(output: String, place: Int?) {
    #expect(ChosenChoice.place(in: output, choices: ["dog", "cat", "a bird", "cow"]) == place)
  }

  @Test func equalChoicesAreOne() {
    #expect(ChosenChoice.place(in: "x", choices: ["y", "x", "x"]) == 1)
    #expect(ChosenChoice.place(in: "C", choices: ["y", "x", "x"]) == 1)
    #expect(AnswerRule.letter.mark("C", choices: ["y", "x", "x"], answer: 1) == .right)
    #expect(AnswerRule.strict.mark(" x ", choices: ["y", "x", "x"], answer: 2) == .right)
    #expect(AnswerRule.strict.mark("X", choices: ["y", "x", "x"], answer: 2) == .wrong)
  }
}
