import Dataset
import Testing

@testable import Evaluation

@Suite struct TextComparisonTests {
  private func line(_ id: String, _ kind: BenchmarkItem.Kind, _ answer: String, said: String?) -> AnswerLine {
    var line = AnswerLine(
      BenchmarkItem(
        id: id, kind: kind, answer: kind == .label ? answer : nil, references: kind == .label ? [] : [answer],
        language: "en"))
    line.answers = [AnswerLine.Answer(output: said)]
    return line
  }

  private let few = Bootstrap(draws: 300)

  @Test func errorRatesAreComparedOverTheItemsThatBothHave() throws {
    let first = [
      line("1", .transcript, "a b", said: "a b"), line("2", .transcript, "c d", said: "c"),
      line("3", .transcript, "e", said: "f"),
    ]
    let second = [line("2", .transcript, "c d", said: nil), line("1", .transcript, "a b", said: "a b")]

    let one = try #require(try TextComparison.all(first, second, bootstrap: few).first)

    #expect(one.name == "WER" && one.items == 2)
    #expect(one.first == 0.25 && one.second == 0.5 && one.difference == -0.25)
    #expect(one.interval == Interval(low: -0.5, high: 0))
  }

  @Test func runsThatSayTheSameDifferByNothing() throws {
    let lines = [line("1", .label, "sad", said: "sad"), line("2", .caption, "a dog barks", said: "a cat")]

    let all = try TextComparison.all(lines, lines, bootstrap: few)

    #expect(all.map(\.name) == ["WAR", "BLEU"])
    #expect(all.allSatisfy { $0.difference == 0 && $0.interval == Interval(low: 0, high: 0) })
    #expect(TextGrid(all).rows.map { $0[0] } == ["labels", "descriptions, tokenizer 13a"])
  }

  @Test func eachRunIsReadAsItSays() throws {
    let first = [line("1", .label, "sad", said: "<answer>sad</answer> glad")]
    let second = [line("1", .label, "sad", said: "sad")]

    let one = try TextComparison.all(first, second, extraction: (.answerTag, .whole), bootstrap: few).first

    #expect(one?.first == 1 && one?.second == 1)
  }
}
