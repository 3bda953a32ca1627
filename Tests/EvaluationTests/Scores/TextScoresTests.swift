import Dataset
import Testing

@testable import Evaluation

@Suite struct TextScoresTests {
  private func item(
    _ id: String, _ kind: BenchmarkItem.Kind, _ answer: String?, language: String? = nil, to target: String? = nil,
    task: String = "t"
  ) -> BenchmarkItem {
    BenchmarkItem(
      id: id, kind: kind, answer: kind == .label ? answer : nil,
      references: kind == .label ? [] : answer.map { [$0] } ?? [], language: language, targetLanguage: target,
      attributes: [BenchmarkItem.Attribute("task", task)])
  }

  private let few = Bootstrap(draws: 200)

  @Test func wordsAreNormalizedAndErrorsAddUpOverItems() throws {
    let items = [item("1", .transcript, "Hello, Mr. World!", language: "en"), item("2", .transcript, "a b c d")]

    let scores = try TextScores(items, outputs: ["1": "hello mister world", "2": "a b x"], bootstrap: few)
    let section = try #require(scores.sections.first)

    #expect(scores.sections.count == 1 && section.measure == .wordErrors)
    #expect(section.total.scores.map(\.name) == ["WER"])
    #expect(section.total.scores[0].value == 2.0 / 7)
    let interval = try #require(section.total.scores[0].interval)
    #expect(interval.low == 0 && interval.high == 0.5)
  }

  @Test func languagesWithoutSpacesAreScoredByCharacter() throws {
    let items = [
      item("1", .transcript, "你好世界", language: "zh-CN"), item("2", .transcript, "こんにちは", language: "ja"),
      item("3", .transcript, "good day", language: "en"),
    ]

    let scores = try TextScores(items, outputs: ["1": "你好世", "2": "こんにちわ", "3": "good day"], bootstrap: few)

    #expect(scores.sections.map(\.measure) == [.characterErrors, .wordErrors])
    #expect(scores.sections[0].total.scores[0].name == "CER")
    #expect(scores.sections[0].total.scores[0].value == 2.0 / 9)
    #expect(scores.sections[1].total.scores[0].value == 0)
  }

  @Test func anAnswerThatNeverCameIsAnEmptyOneAndAnItemNeverAskedIsNamed() throws {
    let items = [item("1", .transcript, "a b"), item("2", .transcript, "a b"), item("3", .transcript, nil)]

    let scores = try TextScores(items, outputs: ["1": nil], bootstrap: few)

    #expect(scores.sections[0].total.unanswered == 1 && scores.sections[0].total.scores[0].value == 1)
    #expect(scores.unasked == ["2"] && scores.unscorable == 1)
  }

  @Test func labelsAreReadFromSentencesAndMissesCountAgainstTheirClass() throws {
    let items = [
      item("1", .label, "happy"), item("2", .label, "sad"), item("3", .label, "happy"), item("4", .label, "sad"),
    ]
    let outputs: [String: String?] = ["1": "happy", "2": "The speaker is SAD.", "3": "sad or happy", "4": ""]

    let scores = try TextScores(items, outputs: outputs, bootstrap: few)
    let section = scores.sections[0]

    #expect(section.total.scores.map(\.name) == ["WAR", "UAR", "exact"])
    #expect(section.total.scores.map(\.value) == [0.5, 0.5, 0.25])
    #expect(section.total.unanswered == 1 && section.total.unread == 1)
    #expect(section.confusionGrid?.rows == [["happy", "1", "1", "0"], ["sad", "1", "0", "1"]])
  }

  @Test func theLongerLabelIsMeantWhereItHoldsAnother() {
    #expect(LabelMatch.label(in: "I hear a cat purring.", of: ["cat", "cat purring"]) == "cat purring")
    #expect(LabelMatch.label(in: "cat or cat purring and dog", of: ["cat", "cat purring", "dog"]) == nil)
    #expect(LabelMatch.label(in: "The Throat-Clearing", of: ["throat clearing", "cough"]) == "throat clearing")
    #expect(LabelMatch.label(in: "unhappy", of: ["happy"]) == nil)
  }

  @Test func translationsAreScoredAsACorpusByTheirTargetsTokenizer() throws {
    let german = "Der Hund bellt laut im Hof."
    let items = [
      item("1", .translation, german, to: "de"), item("2", .translation, "我听到一只狗在叫", to: "zh"),
      item("3", .translation, "犬", to: "ja"),
    ]

    let scores = try TextScores(items, outputs: ["1": german, "2": "我听到一只狗在叫", "3": "犬"], bootstrap: few)

    #expect(scores.sections.map(\.measure) == [.translation(.v13a), .translation(.chinese)])
    #expect(scores.sections.allSatisfy { abs($0.total.scores[0].value - 100) < 1e-9 })
    #expect(scores.unscorable == 1)
  }

  @Test func theCorpusScoreIsThatOfAllTextsAddedOneByOne() throws {
    let texts = [("the cat sat on the mat", "the cat sat on a mat"), ("a dog barks at night", "a dog barks by night")]
    let items = texts.enumerated().map { item("\($0.offset)", .caption, $0.element.0, language: "en") }
    var bleu = BLEU(tokenizer: .v13a)
    for (reference, hypothesis) in texts { bleu.add(hypothesis, references: [reference]) }

    let outputs = Dictionary(uniqueKeysWithValues: texts.enumerated().map { ("\($0.offset)", Optional($0.element.1)) })
    let row = try TextScores(items, outputs: outputs, bootstrap: few).sections[0].total

    #expect(row.scores.map(\.name) == ["BLEU", "exact"])
    #expect(row.scores[0].value == bleu.score)
    #expect(row.scores[1].value == 0)
  }

  @Test func timesThatCannotBeReadAreCounted() throws {
    let marked = "<|0.00|>one<|0.50|>two<|1.00|>"
    let items = [item("1", .wordTimes, marked), item("2", .wordTimes, marked)]

    let scores = try TextScores(
      items, outputs: ["1": "<|0.00|>one<|0.60|>two<|1.00|>", "2": "one two"], bootstrap: few)
    let row = scores.sections[0].total

    #expect(row.unread == 1)
    #expect(row.scores.map(\.name) == ["AAS"])
    #expect(abs(row.scores[0].value - 0.1) < 1e-9)
  }

  @Test func rowsStandByAttributeAndRecordsRoundNothing() throws {
    let items = [
      item("1", .transcript, "a b", task: "x"), item("2", .transcript, "a b", task: "w"),
    ]

    let scores = try TextScores(items, outputs: ["1": "a b", "2": "a"], bootstrap: few)

    #expect(scores.sections[0].grid.rows.map { $0[0] } == ["all", "task: w", "task: x"])
    #expect(scores.records.map(\.score) == [0.25, 0.5, 0])
  }

  @Test func onlyTheTaggedAnswerCountsWhereItIsAskedFor() throws {
    let output = "<think>well</think><answer>happy</answer>"
    let scores = try TextScores(
      [item("1", .label, "happy")], outputs: ["1": output], extraction: .answerTag, bootstrap: few)

    #expect(scores.sections[0].total.scores.map(\.value) == [1, 1, 1])
  }
}
