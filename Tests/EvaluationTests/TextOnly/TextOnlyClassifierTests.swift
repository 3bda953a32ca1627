import Dataset
import Foundation
import Testing

@testable import Evaluation

@Suite struct TextOnlyClassifierTests {
  @Test(arguments: ["two", "mixed"])
  func answersAreThoseOfScikitLearnAndSciPy(name: String) throws {
    let recorded = try RecordedQuestions.read(name)
    let classifier = TextOnlyClassifier(mostSteps: 2_000, tolerance: 1e-9)

    let answers = classifier.crossFitted(recorded.enumerated().map { $1.item(number: $0) })

    var largest = 0.0
    for (answer, question) in zip(answers, recorded) {
      #expect(classifier.fold(of: question.clip) == question.fold)
      for (own, theirs) in zip(answer.probabilities, question.probabilities) {
        largest = max(largest, abs(own - theirs))
      }
    }
    #expect(answers.count == recorded.count)
    #expect(largest < 1e-5, "largest difference \(largest)")
  }

  @Test func usualSettingsComeAsNearAsItMatters() throws {
    let recorded = try RecordedQuestions.read("mixed")

    let answers = TextOnlyClassifier.crossFitted(recorded.enumerated().map { $1.item(number: $0) })

    let largest = zip(answers, recorded).flatMap { zip($0.probabilities, $1.probabilities).map { abs($0 - $1) } }.max()
    #expect(try #require(largest) < 5e-3)
  }

  @Test func noQuestionIsAnsweredByWeightsThatItsClipTaught() {
    var items = MadeQuestions.fair(400)
    let before = TextOnlyClassifier.crossFitted(items)
    let clip = items[0].clip

    for place in items.indices where items[place].clip == clip { items[place].answer = (items[place].answer + 1) % 4 }
    let after = TextOnlyClassifier.crossFitted(items)

    let own = items.indices.filter { items[$0].clip == clip }
    #expect(own.count > 1)
    #expect(own.allSatisfy { after[$0].probabilities == before[$0].probabilities })
    #expect(after != before)
  }

  @Test func aFairSetIsAnsweredByChance() throws {
    let score = try #require(TextOnlyScore(TextOnlyClassifier.crossFitted(MadeQuestions.fair(4_000))))

    #expect(score.chance == 0.25)
    #expect(score.interval.contains(0.25), "\(score)")
    #expect(abs(score.pointsAboveChance) < 3)
  }

  /// Each cue alone is found: right in so many of the questions, by chance 25 in 100.
  @Test(arguments: MadeQuestions.Cue.allCases)
  func aCueInTheTextIsFound(cue: MadeQuestions.Cue) throws {
    let score = try #require(TextOnlyScore(TextOnlyClassifier.crossFitted(MadeQuestions.with(cue, 2_000))))

    #expect(score.accuracy > 0.5, "\(cue): \(score)")
    #expect(score.margin > 0)
    #expect(score.interval.low > 0.4)
  }

  @Test(arguments: MadeQuestions.Cue.allCases)
  func aCueThatOneSplitTeachesIsFoundInAnother(cue: MadeQuestions.Cue) throws {
    let items = MadeQuestions.with(cue, 2_400)
    let (training, test) = (Array(items.prefix(2_001)), Array(items.dropFirst(2_001)))

    let answers = TextOnlyClassifier().answers(to: test, from: training)

    #expect(answers.map(\.id) == test.map(\.id))
    #expect(try #require(TextOnlyScore(answers)).accuracy > 0.5)
    let fair = TextOnlyClassifier().answers(to: MadeQuestions.fair(1_000), from: training)
    #expect(try #require(TextOnlyScore(fair)).accuracy < 0.4)
  }

  /// Four questions that share their choices, each of them right once: who knows three answers knows which are wrong.
  @Test func groupsThatShareTheirChoicesAreAnsweredBelowChanceFromWithinAndByChanceFromOutside() throws {
    func groups(_ range: Range<Int>) -> [TextOnlyClassifier.Item] {
      range.flatMap { group in
        (0..<4).map { number in
          let choices = (0..<4).map { "value \((group * 7 + $0 * 13) % 97)" }
          return TextOnlyClassifier.Item(
            id: "\(group) \(number)", clip: "\(group) \(number)", stem: "Which value?",
            choices: (0..<4).map { choices[($0 + group) % 4] }, answer: (number + 4 - group % 4) % 4)
        }
      }
    }
    let (training, test) = (groups(0..<90), groups(90..<180))

    let within = try #require(TextOnlyScore(TextOnlyClassifier.crossFitted(training)))
    let across = try #require(TextOnlyScore(TextOnlyClassifier().answers(to: test, from: training)))

    #expect(within.interval.high < 0.25)
    #expect(across.interval.contains(0.25), "\(across)")
  }

  @Test func theOrderOfQuestionsChangesNothing() {
    let items = MadeQuestions.with(.word, 500)
    let classifier = TextOnlyClassifier(mostSteps: 500, tolerance: 1e-8)

    let answers = classifier.crossFitted(items)
    let reversed = classifier.crossFitted(items.reversed())

    for (one, other) in zip(answers, reversed.reversed()) {
      #expect(one.id == other.id)
      #expect(zip(one.probabilities, other.probabilities).allSatisfy { $0.isNear($1, within: 1e-4) })
    }
    #expect(classifier.crossFitted(items) == answers)
  }

  @Test func choicesThatCannotBeToldApartShareTheScore() {
    let item = TextOnlyClassifier.Item(id: "q", clip: "c", stem: "What is heard?", choices: ["a", "b"], answer: 1)

    let answers = TextOnlyClassifier.crossFitted([item])

    // Nothing to learn from: one clip, which is in one fold.
    #expect(answers.map(\.score) == [0.5])
    #expect(answers.map(\.margin) == [0])
    #expect(TextOnlyClassifier.crossFitted([]).isEmpty)
    #expect(TextOnlyScore([]) == nil)
  }

  @Test func stripsSignsButTellsTextsOfSignsApart() {
    #expect(FeatureText("A dog, barking!") == FeatureText("a dog barking"))
    #expect(FeatureText("+") != FeatureText("-"))
    #expect(FeatureText("").words.isEmpty)
    #expect(FeatureText("größer als 3").words.count == 3)
  }
}

/// What `Tests/Fixtures/evaluation/textonly.py` recorded.
private struct RecordedQuestions: Decodable {
  var clip: String
  var stem: String
  var choices: [String]
  var answer: Int
  var fold: Int
  var probabilities: [Double]

  static func read(_ name: String) throws -> [RecordedQuestions] {
    let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let file = tests.appendingPathComponent("Fixtures/evaluation/textonly.json")
    let sets = try JSONDecoder().decode([String: [RecordedQuestions]].self, from: Data(contentsOf: file))
    return try #require(sets[name])
  }

  func item(number: Int) -> TextOnlyClassifier.Item {
    TextOnlyClassifier.Item(id: "\(number)", clip: clip, stem: stem, choices: choices, answer: answer)
  }
}

/// Questions on clips that do not exist, three a clip, with four choices.
enum MadeQuestions {
  enum Cue: String, CaseIterable, CustomTestStringConvertible {
    case position, longest, shortest, word, label, stem, centre

    var testDescription: String { rawValue }
  }

  private static let words = (0..<60).map { "w\($0)" }

  /// The answer follows from a hash alone.
  static func fair(_ count: Int) -> [TextOnlyClassifier.Item] {
    (0..<count).map { number in
      var random = SplitMix64(seed: UInt64(number) &* 77)
      return item(number, choices(&random), answer: Int(random.next() % 4))
    }
  }

  /// As `fair`, but in seven of ten questions the cue points to the answer.
  static func with(_ cue: Cue, _ count: Int) -> [TextOnlyClassifier.Item] {
    (0..<count).map { number in
      var random = SplitMix64(seed: UInt64(number) &* 77 &+ 5)
      var made = item(number, choices(&random), answer: Int(random.next() % 4))
      guard random.next() % 10 < 7 else { return made }
      let answer = made.answer
      switch cue {
      case .position: made.answer = 1
      case .longest: made.choices[answer] += " and much more of it to be heard"
      case .shortest: made.choices[answer] = "x\(number % 7)"
      case .word: made.choices[answer] += " clearly"
      case .label: made.choices[answer] = "label \(number % 5)"
      case .stem: made.stem = "Which of these is \(made.choices[answer])?"
      case .centre:
        let parts = made.choices[answer].split(separator: " ")
        for place in made.choices.indices where place != answer {
          made.choices[place] = parts.enumerated().map { $0 == place % 3 ? "other\(place)" : String($1) }
            .joined(separator: " ")
        }
      }
      return made
    }
  }

  private static func choices(_ random: inout SplitMix64) -> [String] {
    (0..<4).map { _ in (0..<3).map { _ in words[Int(random.next() % 60)] }.joined(separator: " ") }
  }

  private static func item(_ number: Int, _ choices: [String], answer: Int) -> TextOnlyClassifier.Item {
    TextOnlyClassifier.Item(
      id: "q\(number)", clip: "c\(number / 3)", stem: "Which sound is it, of kind \(number % 9)?", choices: choices,
      answer: answer)
  }
}
