import Audio
import Chat
import Dataset
import Evaluation
import Foundation
import Models
import Testing

@testable import Judging

@Suite struct EndpointAnswererTests {
  private func item(_ id: String, _ question: String = "What is it?") -> BenchmarkItem {
    BenchmarkItem(
      id: id, kind: .choice, question: question, choices: ["dog", "cat"], answer: "dog", answerIndex: 0)
  }

  private func ask(_ item: BenchmarkItem, sound: Sound? = nil, captions: [String] = []) -> Ask {
    Ask(item: item, order: ChoiceOrder(choices: item.choices.count), sound: sound, captions: captions)
  }

  private func answerer(_ server: EndpointServer, _ settings: EndpointSettings? = nil) throws -> EndpointAnswerer {
    EndpointAnswerer(
      client: try server.client(), settings: settings ?? EndpointSettings(model: "m", seed: 3, maxTokens: 9),
      prompts: AskPrompts())
  }

  private func withSound(_ body: (String) async throws -> Void) async throws {
    let path = NSTemporaryDirectory() + "earshot-endpoint-\(UUID().uuidString).wav"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let samples = (0..<16_000).map { Float($0 % 100) / 200 }
    try WAVWriter.write(Waveform(samples: samples, sampleRate: 16_000), to: path)
    try await body(path)
  }

  @Test func soundGoesAsWAVBeforeTheQuestionWithAllSettings() async throws {
    let server = try await EndpointServer { _ in EndpointServer.reply("dog") }
    try await withSound { path in
      let replies = Gathering<Reply>()
      try await answerer(server).answer([ask(item("1"), sound: Sound(AudioReference(path: path)))]) { place, reply in
        replies.add(reply, at: place)
      }
      let reply = try #require(replies[0].first)
      #expect(reply.output == "dog" && reply.tokens == 5 && !reply.isCut && !reply.isSoundCut)
      #expect(reply.usage == Reply.Usage(requests: 1, promptTokens: 10, completionTokens: 5))

      let body = try #require(server.bodies.first.flatMap { JSONValue(parsing: Array($0.utf8)) })
      #expect(body["model"] == "m" && body["seed"] == 3 && body["max_tokens"] == 9)
      #expect(body["temperature"]?.doubleValue == 0)
      let parts = try #require(body["messages"]?.arrayValue?.last?["content"]?.arrayValue)
      #expect(parts.map { $0["type"] } == ["input_audio", "text"])
      #expect(
        parts[1]["text"] == "What is it? Please choose the answer from the following options: ['dog', 'cat'].")
      let sent = parts[0]["input_audio"]?["data"]?.stringValue.flatMap { Data(base64Encoded: $0) }
      #expect(sent == FileManager.default.contents(atPath: path))
    }
  }

  @Test func aSoundLongerThanIsSentIsCutAndThatIsSaid() async throws {
    let server = try await EndpointServer { _ in EndpointServer.reply("dog") }
    try await withSound { path in
      let replies = Gathering<Reply>()
      let short = try answerer(server, EndpointSettings(model: "m", longestSound: 0.5))
      try await short.answer([ask(item("1"), sound: Sound(AudioReference(path: path)))]) { replies.add($1, at: $0) }
      #expect(replies[0].first?.isSoundCut == true)
    }
  }

  @Test func aRefusedItemIsAProblemAndNotTheEnd() async throws {
    let server = try await EndpointServer { body in
      body.contains("Q2") ? (400, #"{"error":{"message":"too long"}}"#) : EndpointServer.reply("cat")
    }
    let replies = Gathering<Reply>()
    let asks = ["Q1", "Q2", "Q3"].map { ask(item($0, $0)) }

    try await answerer(server).answer(asks) { replies.add($1, at: $0) }

    #expect([0, 1, 2].map { replies[$0].first?.output } == ["cat", nil, "cat"])
    #expect(replies[1].first?.problem?.contains("too long") == true)
  }

  @Test func aSoundThatCannotBeReadIsNeverSent() async throws {
    let server = try await EndpointServer { _ in EndpointServer.reply("dog") }
    let replies = Gathering<Reply>()
    let gone = Sound(AudioReference(path: "/nowhere/a.wav"))

    try await answerer(server).answer([ask(item("1"), sound: gone)]) { replies.add($1, at: $0) }

    #expect(replies[0].first?.isUnheard == true && server.bodies.isEmpty)
  }

  @Test(arguments: [401, 402, 404]) func whatHoldsForAllItemsEndsTheRun(status: Int) async throws {
    let server = try await EndpointServer { _ in (status, "{}") }
    let replies = Gathering<Reply>()
    let asks = (0..<50).map { ask(item("\($0)")) }

    await #expect(throws: ChatError.self) {
      try await answerer(server).answer(asks) { replies.add($1, at: $0) }
    }
    #expect(replies.count == 0 && server.bodies.count <= 2)
  }

  @Test func nobodyThereEndsTheRun() async throws {
    let endpoint = try Endpoint(baseURL: "http://127.0.0.1:9", maximumAttempts: 1)
    let answerer = EndpointAnswerer(
      client: ChatClient(endpoint: endpoint), settings: EndpointSettings(model: "m"), prompts: AskPrompts())
    await #expect(throws: ChatError.self) { try await answerer.answer([ask(item("1"))]) { _, _ in } }
  }

  @Test func nothingIsBegunAfterAReplyThatCannotBeKept() async throws {
    struct Full: Error {}
    let server = try await EndpointServer { _ in EndpointServer.reply("dog") }
    let asks = (0..<50).map { ask(item("\($0)")) }

    await #expect(throws: Full.self) { try await answerer(server).answer(asks) { _, _ in throw Full() } }
    #expect(server.bodies.count <= 2)
  }

  @Test func anEmptyAnswerAndACutOneSaySo() async throws {
    let server = try await EndpointServer { body in
      body.contains("Q1") ? EndpointServer.reply("") : EndpointServer.reply("a do", finish: "length")
    }
    let replies = Gathering<Reply>()

    try await answerer(server).answer([ask(item("1", "Q1")), ask(item("2", "Q2"))]) { replies.add($1, at: $0) }

    #expect(replies[0].first?.output == "" && replies[0].first?.problem == "the answer is empty")
    #expect(replies[1].first?.isCut == true && replies[1].first?.output == "a do")
  }

  @Test func theIdentityNamesAllThatCouldChangeAnAnswerAndNoKey() throws {
    let endpoint = try Endpoint(baseURL: "http://h/v1", apiKey: "secret", keyVariable: "K")
    let identity = EndpointAnswerer(
      client: ChatClient(endpoint: endpoint), settings: EndpointSettings(model: "m", seed: 1), prompts: AskPrompts()
    ).identity

    #expect(identity["endpoint"] == "http://h/v1" && identity["model"] == "m" && identity["seed"] == "1")
    #expect(identity["prompt"] == "ask-omni-r1" && identity["prompt-digest"]?.isEmpty == false)
    #expect(!identity.values.contains { $0.contains("secret") })
  }

  @Test func aCascadeHasTheTextModelReadWhatTheOtherHeard() async throws {
    let ears = try await EndpointServer { _ in EndpointServer.reply("A dog barks.") }
    let reader = try await EndpointServer { _ in EndpointServer.reply("dog") }
    try await withSound { path in
      let sound = Sound(AudioReference(path: path))
      let kept = Gathering<String>()
      let cascade = CascadeAnswerer(
        describer: try answerer(ears), answerer: try answerer(reader), known: ["3": ["Known words."]],
        onCaption: { kept.add($0 + ": " + $1, at: 0) })
      let turned = try #require(ChoiceOrder(places: [1, 0]))
      let asks = [
        ask(item("1"), sound: sound), Ask(item: item("1"), order: turned, sound: sound),
        ask(item("2"), captions: ["Given words."]), ask(item("3"), sound: sound),
      ]
      let replies = Gathering<Reply>()

      try await cascade.answer(asks) { replies.add($1, at: $0) }

      #expect((0..<4).allSatisfy { replies[$0].first?.output == "dog" })
      #expect(ears.bodies.count == 1 && reader.bodies.count == 4)
      #expect(kept[0] == ["1: A dog barks."])
      #expect(reader.bodies.count { $0.contains("A dog barks.") } == 2)
      #expect(reader.bodies.count { $0.contains("Given words.") } == 1)
      #expect(reader.bodies.count { $0.contains("Known words.") } == 1)
      #expect(!reader.bodies.contains { $0.contains("input_audio") })
      #expect(cascade.identity["way"] == "cascade" && cascade.identity["caption-model"] == "m")
    }
  }

  @Test func aSoundNobodyDescribesLeavesItsItemWithoutAnAnswer() async throws {
    let ears = try await EndpointServer { _ in (400, "{}") }
    let reader = try await EndpointServer { _ in EndpointServer.reply("dog") }
    try await withSound { path in
      let replies = Gathering<Reply>()
      let cascade = CascadeAnswerer(describer: try answerer(ears), answerer: try answerer(reader))

      try await cascade.answer([ask(item("1"), sound: Sound(AudioReference(path: path)))]) { replies.add($1, at: $0) }

      #expect(replies[0].first?.output == nil)
      #expect(replies[0].first?.problem?.hasPrefix("No caption: ") == true)
      #expect(reader.bodies.isEmpty)
    }
  }
}
