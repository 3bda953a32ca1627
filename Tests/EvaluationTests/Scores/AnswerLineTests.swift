import Dataset
import Foundation
import Testing

@testable import Evaluation

@Suite struct AnswerLineTests {
  private let item = BenchmarkItem(
    id: "a/1", kind: .choice, choices: ["dog", "cat"], answer: "cat", answerIndex: 1,
    attributes: [BenchmarkItem.Attribute("task", "sound")], recording: "r")

  @Test func marksComeBackAsTheyWere() throws {
    let orders = [(order: ChoiceOrder(choices: 2), output: Optional("cat")), (ChoiceOrder(places: [1, 0])!, nil)]
    let answered = Answered(item, outputs: orders)

    let line = AnswerLine(item, answered)
    let read = try JSONDecoder().decode(AnswerLine.self, from: Data(line.json.utf8))

    #expect(read == line)
    #expect(read.answered?.answers.map(\.marks) == answered.answers.map(\.marks))
    #expect(read.answered?.answers.map(\.chosen) == [1, nil])
    #expect(read.answered?.score(.strict) == 0.5)
  }

  @Test func membersStandByNameSoThatEqualLinesHaveEqualBytes() {
    let line = AnswerLine(item, Answered(item, output: "dog"))
    #expect(
      line.json == """
        {"answers":[{"chosen":0,"marks":{"air-bench":"unscored","letter":"wrong","mmar":"wrong","mmau":"wrong",\
        "strict":"wrong"},"order":[0,1],"output":"dog"}],"attributes":{"task":"sound"},"id":"a/1","kind":"choice",\
        "recording":"r"}
        """)
  }

  @Test func anItemThatWasNotAskedHasNoMarks() {
    var line = AnswerLine(item)
    line.unasked = "the sound is missing"
    #expect(line.answered == nil)
    #expect(line.json.contains(#""unasked":"the sound is missing""#))
  }
}
