import Dataset
import Evaluation
import Foundation
import Models
import Testing

@testable import Judging

@Suite struct AskPromptsTests {
  private func text(_ message: ConversationMessage) -> String {
    message.parts.map { if case .text(let text) = $0 { text } else { "<sound>" } }.joined()
  }

  @Test func whatIsAskedWithoutAPromptStandsInPrompts() throws {
    let cases: [(BenchmarkItem, file: String, holes: [String: String])] = [
      (
        BenchmarkItem(id: "", kind: .choice, question: "Which?", choices: ["a", "it's"]), "ask-omni-r1",
        ["{{question}}": "Which?", "{{choices}}": "['a', \"it's\"]"]
      ),
      (BenchmarkItem(id: "", kind: .transcript), "ask-transcript", [:]),
      (
        BenchmarkItem(id: "", kind: .translation, targetLanguage: "zh-CN"), "ask-translation",
        ["{{question}}": "Chinese"]
      ),
      (BenchmarkItem(id: "", kind: .caption), "ask-describe", [:]),
      (
        BenchmarkItem(id: "", kind: .label, choices: ["joy", "anger"]), "ask-label",
        ["{{#options}}\n": "", "{{text}}": "joy\nanger", "\n{{/options}}": ""]
      ),
    ]

    for (item, file, holes) in cases {
      let path = NanoQuestions.project + "/prompts/\(file).md"
      let parts = try String(contentsOfFile: path, encoding: .utf8).split(separator: "## user\n\n", maxSplits: 1)
      let template = try #require(parts.last).trimmingCharacters(in: .newlines)
      let expected = holes.reduce(template) { $0.replacing($1.key, with: $1.value) }
      let ask = Ask(item: item, order: ChoiceOrder(choices: item.choices.count))

      let messages = try AskPrompts().messages(for: ask)

      #expect(messages.map(text) == [expected], "\(file)")
      #expect(AskPrompts().identity(of: [item.kind])["prompt"] == file)
    }
  }

  @Test func aQuestionOfItsOwnAndTheOrderAndCaptionsAreKept() throws {
    let own = BenchmarkItem(id: "", kind: .transcript, question: "What is said?")
    let choice = BenchmarkItem(id: "", kind: .choice, question: "Which?", choices: ["a", "b", "c"])
    let order = try #require(ChoiceOrder(places: [2, 0, 1]))

    let asked = try AskPrompts().messages(for: Ask(item: own, order: ChoiceOrder(choices: 0)))
    let turned = try AskPrompts().messages(for: Ask(item: choice, order: order, captions: ["A bell.", "A dog."]))

    #expect(asked.map(text) == ["What is said?"])
    #expect(
      turned.map(text) == [
        "A bell.\nA dog.\nWhich? Please choose the answer from the following options: ['c', 'a', 'b']."
      ])
  }

  @Test func theFormOfAChoiceFollowsFromThePrompt() throws {
    func form(_ text: String) throws -> ChoiceForm {
      try ChoiceForm(askedBy: QuestionPrompt(name: "p") { _ in [ConversationMessage(role: .user, text: text)] })
    }

    #expect(try form("Choose one.") == .text)
    #expect(try form("Answer with the letter of the right choice.") == .letter)
    #expect(try form("Output the answer in <answer> </answer>.") == .tagged)
    #expect(ChoiceForm.letter.texts(["x", "y"]) == ["A", "B"])
    #expect(ChoiceForm.tagged.texts(["x"]) == ["<answer>x</answer>"])
  }
}
