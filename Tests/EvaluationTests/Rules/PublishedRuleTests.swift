import Dataset
import Foundation
import Testing

@testable import Evaluation

@Suite struct PublishedRuleTests {
  /// The marks of a rule on a file of the reference, as the reference writes them.
  private func marks(_ rule: AnswerRule, _ items: [BenchmarkItem], file: Int) -> RuleFixtures.Marks {
    var marks = [String](repeating: "-", count: items.count)
    for (index, text) in RuleFixtures.predictions(items, file: file) {
      switch rule.mark(text, choices: items[index].choices, answer: items[index].answerIndex!) {
      case .right: marks[index] = "1"
      case .wrong: marks[index] = "0"
      case .unscored: continue
      }
    }
    return RuleFixtures.Marks(marks.joined())
  }

  @Test(arguments: [AnswerRule.mmau, .mmar])
  func fiveHundredPredictionFilesAreMarkedAsByTheScript(rule: AnswerRule) throws {
    let made = try RuleFixtures.read("rules-predictions.json", as: [String: RuleFixtures.Made].self)
    let reference = try #require(made[rule.rawValue])
    let items = reference.items.map(\.benchmark)

    #expect(reference.files.count == 500)
    for file in 0..<500 {
      #expect(marks(rule, items, file: file) == reference.files[file], "file \(file)")
    }
  }

  @Test(.enabled(if: RuleFixtures.benchmarks != nil, "EARSHOT_TEST_DATA is not set"))
  func fiveHundredPredictionFilesForTestMiniAreMarkedAsByTheScript() throws {
    let reference = try RuleFixtures.read("rules-mmau-test-mini.json", as: [RuleFixtures.Marks].self)
    let items = try BenchmarkFile.read(path: RuleFixtures.benchmarks! + "/mmau-test-mini.json").items

    #expect(reference.count == 500)
    // The rule makes a matcher for each answer; the reference needs one for each item.
    let matchers = items.map { MMAUMatcher(answer: $0.answer!, choices: $0.choices) }
    for file in 0..<500 {
      var marks = [String](repeating: "-", count: items.count)
      for (index, text) in RuleFixtures.predictions(items, file: file) {
        if let text { marks[index] = matchers[index].accepts(text) ? "1" : "0" }
      }
      #expect(RuleFixtures.Marks(marks.joined()) == reference[file], "file \(file)")
    }
    for file in stride(from: 0, to: 500, by: 50) {
      #expect(marks(.mmau, items, file: file) == reference[file], "file \(file) by the rule")
    }
  }

  // The whole way: a file of predictions, read, matched, marked and counted.
  @Test func aPredictionFileIsCountedAsByTheScript() throws {
    let made = try RuleFixtures.read("rules-predictions.json", as: [String: RuleFixtures.Made].self)
    let reference = try #require(made["mmau"])
    let items = reference.items.map(\.benchmark)
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("earshot-\(UUID().uuidString).json").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    for file in [0, 137, 499] {
      let rows = RuleFixtures.predictions(items, file: file).map { ["id": items[$0.item].id, "model_output": $0.text] }
      try JSONEncoder().encode(rows.map { $0.compactMapValues { $0 } }).write(to: URL(fileURLWithPath: path))

      let match = try PredictionFile.read(path: path).match(items)
      let answered = zip(items, match.texts).map { Answered($0, output: $1) }
      let score = try #require(ScoreTable(items, answered).total?.score(.mmau))

      #expect(score.right == reference.files[file].right)
      #expect(items.count - score.unscored == reference.files[file].scored)
      #expect(match.missing.count == score.unscored)
      #expect(score.publishedShare == Double(score.right) / Double(reference.files[file].scored))
      #expect(score.share == Double(score.right) / 60)
    }
  }

  @Test func answerTagsAndLettersAreReadAsByTheScripts() throws {
    let cases = try RuleFixtures.read("rules-texts.json", as: [RuleFixtures.TextCase].self)

    #expect(cases.count == 400)
    for item in cases {
      let scalars = item.text.unicodeScalars.map { String($0.value, radix: 16) }
      #expect(AnswerTag.text(in: item.text).utf8.elementsEqual(item.answer.utf8), "\(scalars)")
      #expect(AIRBenchLetter.letter(in: item.text).map { String(Array("ABCD")[$0]) } == item.letter, "\(scalars)")
    }
  }

  @Test(arguments: [
    ("B", AnswerRule.Mark.right), ("B. cat", .right), ("The answer is B.", .right), ("A", .wrong), ("cat", .unscored),
    ("Bird", .right), ("None", .unscored), ("", .unscored), ("b", .unscored), ("Definitely", .wrong),
  ])
  func airBenchReadsTheFirstCharacterOrTheLastButOne(output: String, mark: AnswerRule.Mark) {
    #expect(AnswerRule.airBench.mark(output, choices: ["dog", "cat", "bird", "cow"], answer: 1) == mark)
  }

  @Test func whatNeverCameIsUnscoredByScriptsAndWrongByUs() {
    let marks = AnswerRule.allCases.map { $0.mark(nil, choices: ["a", "b"], answer: 0) }

    #expect(marks == [.wrong, .wrong, .unscored, .unscored, .unscored])
    #expect(AnswerRule.mmau.mark("", choices: ["a", "b"], answer: 0) == .wrong)
  }
}
