import Testing

@testable import Training

@Suite struct AccuracyRewardTests {
  private func score(
    _ rule: AccuracyReward.Rule, _ text: String, choices: [String] = ["Dog", "Car", "Rain", "Bell"], answer: Int = 1
  ) -> Double? {
    AccuracyReward(rule: rule).score(RewardedCompletion(text: text, choices: choices, answer: answer))
  }

  // A symbolic comparison finds 120 in both.
  @Test(arguments: AccuracyReward.Rule.allCases) func numbersInTextsAreNotCompared(rule: AccuracyReward.Rule) {
    let choices = ["C major, 120 bpm", "D minor, 120 bpm"]

    #expect(score(rule, "<answer>C major, 120 bpm</answer>", choices: choices) == 0)
    #expect(score(rule, "C major, 120 bpm", choices: choices) == 0)
  }

  @Test(
    arguments: [
      ("<answer>Car</answer>", 1, 1, 1), ("Car", 1, 1, 1), (" \nCar\n ", 1, 1, 1), ("car", 0, 1, 1), ("Car.", 0, 0, 1),
      ("<answer>\nCar\n</answer>", 1, 1, 1), ("The answer is Car", 0, 0, 1), ("Car or Dog", 0, 0, 0),
      ("Dog", 0, 0, 0), ("", 0, 0, 0), ("<answer></answer>", 0, 0, 0), ("<answer> </answer>", 0, 0, 0),
      ("I think <answer>Car</answer> fits", 1, 1, 1), ("<answer>Car</answer><answer>Dog</answer>", 0, 0, 0),
      ("<answer>Car</answer> <answer> Car</answer>", 1, 1, 1), ("<answer>Car", 0, 0, 1),
      ("<think>Dog or Car?</think>\n<answer>Car</answer>", 1, 1, 1), ("<think>Dog or Car?</think>Car", 1, 1, 1),
      ("<think>Not <answer>Dog</answer></think><answer>Car</answer>", 1, 1, 1), ("<think>Car</think>", 0, 0, 0),
    ] as [(String, Double, Double, Double)])
  func textsAreReadInsideTheirTags(text: String, exact: Double, caseless: Double, mmau: Double) {
    #expect(score(.exact, text) == exact)
    #expect(score(.caseless, text) == caseless)
    #expect(score(.mmau, text) == mmau)
  }

  @Test func aChoicesOwnTextGoesBeforeItsWords() {
    // To MMAU's scorer the words of C and C# are one.
    let notes = ["C", "C#", "D", "D#"]
    for (place, note) in notes.enumerated() {
      #expect(score(.mmau, note, choices: notes, answer: 1) == (place == 1 ? 1 : 0), "\(note)")
    }
    let bites = ["dog bites man", "man bites dog"]
    #expect(score(.mmau, "man bites dog", choices: bites, answer: 0) == 0)
    #expect(score(.mmau, "Dog bites man", choices: bites, answer: 0) == 1)
    #expect(score(.mmau, "the dog bites man", choices: bites, answer: 0) == nil, "the words do not tell")
  }

  @Test func anAnswerMayHaveLines() {
    #expect(
      score(.exact, "<answer>A car,\nthen rain</answer>", choices: ["A car,\nthen rain", "Rain"], answer: 0) == 1)
  }

  @Test(arguments: [
    "B", "(B)", "B.", "B)", "B:", "b", "(b)", "B) Car", "B. Car", "(B) Car", "(B). car", "B:\nCar", "B) a vehicle",
    "<answer>B</answer>", "<answer> (B) Car </answer>",
  ]) func lettersNameTheirChoice(text: String) {
    #expect(score(.letter, text) == 1)
    #expect(score(.letterOrText, text) == 1)
  }

  @Test(arguments: [
    "A", "(C)", "E", "Z)", "B) Dog", "(B) rain", "BC", "B or C", "(B", "(B Car", "(B.", "B.M. W.", "5", "*", "", "(",
    "É", "B-Car", "B Car",
  ]) func otherFormsNameNone(text: String) {
    #expect(score(.letter, text) == 0)
    #expect(score(.letterOrText, text) == 0)
  }

  @Test func aTextCountsOnlyWhereTheRuleSaysSo() {
    #expect(score(.letter, "Car") == 0)
    #expect(score(.letterOrText, "Car") == 1)
    #expect(score(.letterOrText, "car") == 1)
    #expect(score(.letterOrText, "Dog") == 0)
  }

  @Test func anArticleIsNoLetter() {
    #expect(score(.letterOrText, "A dog", choices: ["A cat", "A dog"]) == 1)
    #expect(score(.letter, "A dog", choices: ["A dog", "A cat"], answer: 0) == 0)
    #expect(score(.letter, "A.M. radio", choices: ["A.M. radio", "A cat"], answer: 0) == 0)
  }

  @Test func choicesThatAreLettersGoBeforeLetters() {
    let notes = ["B", "A"]

    #expect(score(.letterOrText, "A", choices: notes, answer: 1) == 1)
    #expect(score(.letter, "A", choices: notes, answer: 1) == 0)
    #expect(score(.letter, "B", choices: notes, answer: 1) == 1)
    #expect(score(.letterOrText, "B", choices: notes, answer: 1) == 0)
    #expect(score(.letter, "(B) A", choices: notes, answer: 1) == 1)
  }

  @Test func aRepeatedChoiceIsRightInBothPlaces() {
    #expect(score(.letter, "C", choices: ["Dog", "Car", "Car"]) == 1)
    #expect(score(.letterOrText, "Car", choices: ["Dog", "Car", "Car"], answer: 2) == 1)
  }

  @Test func aSolutionStandsInForAPlace() {
    let completion = RewardedCompletion(
      text: "<answer>happy</answer>", choices: ["sad", "happy"], answer: -1, solution: "<answer> happy </answer>")

    for rule in [AccuracyReward.Rule.exact, .caseless, .mmau, .letterOrText] {
      #expect(AccuracyReward(rule: rule).score(completion) == 1, "\(rule)")
    }
    #expect(AccuracyReward(rule: .exact).score(.init(text: "sad", solution: "happy")) == 0)
  }

  @Test(arguments: AccuracyReward.Rule.allCases) func withoutARightAnswerItDoesNotApply(rule: AccuracyReward.Rule) {
    for text in ["Car", "", "<answer>a</answer><answer>b</answer>"] {
      #expect(AccuracyReward(rule: rule).score(.init(text: text, choices: ["Car"], answer: 7)) == nil)
      #expect(AccuracyReward(rule: rule).score(.init(text: text)) == nil)
    }
  }
}
