import Testing

@testable import Models

@Suite struct EngineConversationTests {
  private static let names = ["qwen2-audio", "qwen2.5-omni"]
  private let clips = [referenceClip(seed: 11, count: 20_000), referenceClip(seed: 12, count: 33_000)]

  @Test(arguments: names)
  func everyAnswerIsThatToTheWholeConversation(name: String) throws {
    let model = try referenceModel(name)
    var conversation = Conversation(model: model, sampling: .greedy, maximumTokens: 12, system: "Be brief.")
    var messages = [ConversationMessage(role: .system, text: "Be brief.")]
    var heard: [[Float]] = []
    for (text, new) in [("What is it?", [clips[0]]), ("And now?", []), ("Compare.", [clips[1]]), ("", [clips[0]])] {
      var parts: [MessagePart] = new.indices.map { .audio(heard.count + $0) }
      if !text.isEmpty { parts.append(.text(text)) }
      messages.append(ConversationMessage(role: .user, parts: parts))
      heard += new

      var written = ""
      let completion = try conversation.ask(text, audios: new) { written += $0 }

      let expected = try answer(messages, heard, model)
      #expect(completion.tokens == expected.tokens)
      #expect(largestDifference(completion.logProbabilities, expected.logProbabilities) <= 1e-4)
      #expect(conversation.lastAnswer == model.text(of: expected))
      #expect(written == conversation.lastAnswer)
      messages.append(ConversationMessage(role: .assistant, text: conversation.lastAnswer))
    }
  }

  @Test(arguments: names)
  func aQuestionThatFailsLeavesTheConversationAsItWas(name: String) throws {
    let model = try referenceModel(name)
    var conversation = Conversation(model: model, sampling: .greedy, maximumTokens: 8)
    var undisturbed = conversation
    for question in ["What is it?", "Where?"] {
      let audios = question == "Where?" ? [] : [clips[0]]
      let answer = try conversation.ask(question, audios: audios)
      #expect(try undisturbed.ask(question, audios: audios) == answer)
      let last = conversation.lastAnswer

      #expect(throws: ModelError.tooShort(name: "audio 2", samples: 3)) {
        try conversation.ask("Again?", audios: [[0, 0, 0]])
      }
      #expect(throws: ModelError.self) { try conversation.ask(String(repeating: "why ", count: 2_100)) }
      #expect(conversation.lastAnswer == last)
    }
  }

  @Test func aConversationThatIsResetKnowsNothing() throws {
    let model = try referenceModel("qwen2-audio")
    let sampling = Sampling(temperature: 1, seed: 3)
    var conversation = Conversation(model: model, sampling: sampling, maximumTokens: 10, system: "Be brief.")
    let first = try conversation.ask("What is it?", audios: [clips[0]])
    _ = try conversation.ask("And this?", audios: [clips[1]])

    conversation.reset()

    #expect(conversation.lastAnswer.isEmpty)
    #expect(try conversation.ask("What is it?", audios: [clips[0]]) == first)
  }

  private func answer(
    _ messages: [ConversationMessage], _ audios: [[Float]], _ model: AudioLanguageModel
  ) throws -> Completion {
    let request = GenerationRequest(
      prompt: try model.prompt(messages, audios: audios), audios: audios, maximumTokens: 12,
      endTokens: model.endTokens)
    return try Generator(model: model, batch: 1).complete([request])[0].get()[0]
  }
}
