import Foundation
import Testing

@testable import Dataset

// The reference is Python's own `re`: Tests/Fixtures/mmau_matcher.py writes what it finds.
@Suite struct MMAUMatcherTests {
  @Test func wordsAreThosePythonFinds() throws {
    let cases = try #require(try JSONParser.parse(fixture("mmau-matcher.json")).member("words")?.elements)

    #expect(cases.count == 420)
    for item in cases {
      let text = item.member("text")!.string!
      let expected = item.member("words")!.elements!.map { Word(Array($0.string!.utf8)) }
      #expect(words(in: text) == expected, "\(text.unicodeScalars.map { String($0.value, radix: 16) })")
    }
  }

  @Test func predictionsScoreAsByThePublishedRule() throws {
    let cases = try #require(try JSONParser.parse(fixture("mmau-matcher.json")).member("cases")?.elements)

    #expect(cases.count > 250)
    for item in cases {
      let answer = item.member("answer")!.string!
      let prediction = item.member("prediction")!.string!
      let choices = item.member("choices")!.elements!.map { $0.string! }
      let isRight = MMAUMatcher.isCorrect(answer: answer, prediction: prediction, choices: choices)
      #expect(.bool(isRight) == item.member("right"), "\(prediction) for \(choices)")
    }
  }

  @Test func choicesInAnotherOrderOfWordsAreAmbiguous() {
    #expect(MMAUMatcher.ambiguity(choices: ["A then B", "B then A", "C"], answer: "A then B") == ["B then A"])
    #expect(MMAUMatcher.ambiguity(choices: ["♪", "note"], answer: "♪") == ["♪"])
    #expect(MMAUMatcher.ambiguity(choices: ["two dogs", "two cats", "dogs"], answer: "two dogs").isEmpty)
  }

  // The counts are those that the fixture's script prints with the benchmark's path.
  @Test(.enabled(if: realData != nil, "EARSHOT_TEST_DATA is not set")) func testMiniScoresAsByThePublishedRule() throws
  {
    let path = realData! + "/benchmarks/mmau-test-mini.json"
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    let questions = try JSONParser.parse(bytes).elements!
    var wrong = ["exact": 0, "letter": 0, "marked": 0, "sentence": 0]
    var accepted: [Int] = []
    for item in questions {
      let answer = item.member("answer")!.string!
      let choices = item.member("choices")!.elements!.map { $0.string! }
      let letter = String(Array("ABCDEFGH")[choices.firstIndex(of: answer)!])
      let matcher = MMAUMatcher(answer: answer, choices: choices)
      wrong["exact"]! += matcher.accepts(answer) ? 0 : 1
      wrong["letter"]! += matcher.accepts(letter) ? 0 : 1
      wrong["marked"]! += matcher.accepts("(\(letter)) \(answer)") ? 0 : 1
      wrong["sentence"]! += matcher.accepts("The answer is \(answer)") ? 0 : 1
      accepted.append(MMAUMatcher.ambiguity(choices: choices, answer: answer).count)
    }

    #expect(questions.count == 1000)
    #expect(wrong == ["exact": 0, "letter": 998, "marked": 33, "sentence": 93])
    #expect(accepted.filter { $0 > 0 }.count == 9)
    #expect(accepted.reduce(0, +) == 12)
  }
}
