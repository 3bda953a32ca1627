import Testing

@testable import Chat

struct EndpointProbeTests {
  private func traits(of endpoint: ProbeEndpoint, audio: Bool = true) async throws -> EndpointTraits {
    let server = try await ScriptedServer { number, seen in endpoint.answer(number, seen) }
    let client = ChatClient(endpoint: try Endpoint(baseURL: server.baseURL), pacing: TestClock().pacing())
    let traits = try await EndpointProbe(client: client, model: "m", audio: audio, nonce: "qzxvkw").run()
    #expect(traits.requests == server.seen.count)
    #expect(traits.requests <= EndpointProbe.mostRequests)
    await server.stop()
    return traits
  }

  @Test func anEndpointThatKeepsEverythingIsFoundOutWithSevenRequests() async throws {
    let found = try await traits(of: ProbeEndpoint())

    #expect(found.schema.value == .enforced)
    #expect(found.jsonObject.value == .yes)
    #expect(found.text.value == .content)
    #expect(found.audio == .init(.yes, "8 s of sound took 175 tokens more than 1 s"))
    #expect(found.seed.value == .yes)
    #expect(found.logProbabilities.value == .yes)
    #expect(found.wantsCompletionTokens.value == .no)
    #expect(found.requests == 7)
    #expect(found.strictestOutput == .jsonSchema)
  }

  @Test func aSchemaThatIsLetFallIsToldFromOneThatIsKept() async throws {
    var endpoint = ProbeEndpoint()
    endpoint.schema = .ignored
    let withObjects = try await traits(of: endpoint)
    endpoint.object = .ignored
    let without = try await traits(of: endpoint)

    #expect(
      withObjects.schema
        == .init(.ignored, "asked for prose, it wrote 'Rain is \"water\" that falls.' against the schema"))
    #expect(withObjects.strictestOutput == .jsonObject)
    #expect(without.jsonObject.value == .no)
    #expect(without.strictestOutput == .plain)
  }

  @Test func aSchemaThatIsRefusedSaysHow() async throws {
    var endpoint = ProbeEndpoint()
    endpoint.schema = .refused
    let withObjects = try await traits(of: endpoint)
    endpoint.object = .refused
    let without = try await traits(of: endpoint)

    #expect(withObjects.schema.value == .refused)
    #expect(withObjects.schema.evidence.contains("response_format of this type is not supported"))
    #expect(withObjects.jsonObject.value == .yes)
    #expect(withObjects.requests == 7)
    #expect(without.schema.value == .refused)
    #expect(without.jsonObject.value == .no)
    #expect(without.strictestOutput == .plain)
    #expect(without.requests == 8)
  }

  @Test(arguments: ["reasoning", "reasoning_content"])
  func textInTheFieldForReasoningIsFound(field: String) async throws {
    var endpoint = ProbeEndpoint()
    endpoint.field = field

    let found = try await traits(of: endpoint)

    #expect(found.text.value == .reasoning)
    #expect(found.schema.value == .enforced)
    #expect(found.seed.value == .yes)
  }

  @Test func thoughtsThatTakeAllTokensLeaveItOpen() async throws {
    var endpoint = ProbeEndpoint()
    endpoint.thinksForEver = true

    let found = try await traits(of: endpoint)

    #expect(found.schema.value == .unknown)
    #expect(found.jsonObject.value == .unknown)
    #expect(found.text == .init(.unknown, "the limit of 256 tokens went into thinking"))
    #expect(found.strictestOutput == nil)
  }

  @Test(arguments: [
    (ProbeEndpoint.Hearing.byWords, EndpointTraits.Answer.yes, "it told a high tone from a low one"),
    (.leftOut, .no, "a question with 8 s of sound took 31 tokens, one with 1 s as many: it was left out"),
    (
      .fixedTokens, .unknown,
      "8 s of sound took 400 tokens, 1 s 400; of a high and a low tone it said 'High.' and 'High.'"
    ),
    (.asText, .no, "8 s of sound took 140000 tokens more than 1 s: its bytes are read as text"),
    (.refused, .no, #"refused with status 400: '{"error":{"message":"this is not a multimodal model"}}'"#),
  ])
  func soundsThatDoNotArriveAreFoundOut(
    hearing: ProbeEndpoint.Hearing, answer: EndpointTraits.Answer, evidence: String
  ) async throws {
    var endpoint = ProbeEndpoint()
    endpoint.hearing = hearing

    #expect(try await traits(of: endpoint).audio == .init(answer, evidence))
  }

  @Test func withoutCountedTokensTheWordsDecide() async throws {
    var endpoint = ProbeEndpoint()
    endpoint.countsTokens = false
    endpoint.hearing = .byWords
    let hears = try await traits(of: endpoint)
    endpoint.hearing = .leftOut
    let unclear = try await traits(of: endpoint)

    #expect(hears.audio?.value == .yes)
    #expect(unclear.audio?.value == .unknown)
  }

  @Test func soundIsNotSentWhereNobodyAsks() async throws {
    let found = try await traits(of: ProbeEndpoint(), audio: false)

    #expect(found.audio == nil)
    #expect(found.requests == 5)
    #expect(!found.lines.contains { $0.trait == "audio" })
  }

  @Test(arguments: [
    (ProbeEndpoint.Seeds.notKept, EndpointTraits.Answer.no), (.withoutEffect, .unknown), (.refused, .no),
  ])
  func seedsThatAreLetFallAreFoundOut(seeds: ProbeEndpoint.Seeds, answer: EndpointTraits.Answer) async throws {
    var endpoint = ProbeEndpoint()
    endpoint.seeds = seeds

    #expect(try await traits(of: endpoint).seed.value == answer)
  }

  @Test func logProbabilitiesMayBeRefusedOrLeftOut() async throws {
    var endpoint = ProbeEndpoint()
    endpoint.refusesLogProbabilities = true
    let refused = try await traits(of: endpoint)
    endpoint = ProbeEndpoint(logProbabilities: false)
    let absent = try await traits(of: endpoint)

    #expect(refused.logProbabilities.value == .no)
    #expect(refused.seed.value == .yes)
    #expect(absent.logProbabilities == .init(.no, "asked for, and not in the answer"))
  }

  @Test func theNameOfTheTokenLimitIsFoundOut() async throws {
    var endpoint = ProbeEndpoint()
    endpoint.wantsCompletionTokens = true

    let found = try await traits(of: endpoint)

    #expect(found.wantsCompletionTokens.value == .yes)
    #expect(found.schema.value == .enforced)
    #expect(found.seed.value == .yes)
  }

  @Test func theWorstEndpointGetsEightRequestsAndNoError() async throws {
    var endpoint = ProbeEndpoint()
    (endpoint.wantsCompletionTokens, endpoint.refusesLogProbabilities) = (true, true)
    (endpoint.schema, endpoint.object) = (.refused, .refused)

    let found = try await traits(of: endpoint)

    #expect(found.requests == 8)
    #expect(found.schema.value == .refused)
    #expect(found.audio?.value == .yes)
    #expect(found.seed == .init(.unknown, "the probe's 8 requests were used up before"))
  }

  @Test func anEndpointThatRefusesEverythingHasUnknownTraits() async throws {
    let server = try await ScriptedServer(.status(400, #"{"error":{"message":"no"}}"#))
    let client = ChatClient(endpoint: try Endpoint(baseURL: server.baseURL))

    let found = try await EndpointProbe(client: client, model: "m").run()

    #expect(found.schema.value == .unknown)
    #expect(found.seed.value == .unknown)
    #expect(found.lines.allSatisfy { !$0.advice.isEmpty && !$0.evidence.isEmpty })
    await server.stop()
  }

  @Test func answersThatAreNoCompletionsLeaveTraitsUnknown() async throws {
    let server = try await ScriptedServer(.status(200, "<html>"), .status(200, #"{"choices":[]}"#))
    let client = ChatClient(endpoint: try Endpoint(baseURL: server.baseURL))

    let found = try await EndpointProbe(client: client, model: "m").run()

    #expect(found.schema.value == .unknown && found.text.value == .unknown && found.audio?.value == .unknown)
    await server.stop()
  }

  @Test func aRefusedKeyAndAMissingModelAreErrors() async throws {
    for (status, isKey) in [(401, true), (404, false)] {
      let server = try await ScriptedServer(.status(status, "{}"))
      let client = ChatClient(endpoint: try Endpoint(baseURL: server.baseURL))

      let error = await #expect(throws: ChatError.self) { try await EndpointProbe(client: client, model: "m").run() }

      #expect(error?.isAuthentication == isKey)
      #expect(error?.isUnreachable == !isKey)
      #expect(server.seen.count == 1)
      await server.stop()
    }
  }

  @Test func aSoundThatBreaksTheServerIsNoError() async throws {
    let endpoint = ProbeEndpoint()
    let server = try await ScriptedServer { number, seen in
      seen.body.contains("input_audio")
        ? .status(500, #"{"error":{"message":"audio input is not supported - provide the mmproj"}}"#)
        : endpoint.answer(number, seen)
    }
    let client = ChatClient(
      endpoint: try Endpoint(baseURL: server.baseURL, maximumAttempts: 2), pacing: TestClock().pacing())

    let found = try await EndpointProbe(client: client, model: "m").run()

    #expect(found.audio?.value == .no)
    #expect(found.seed.value == .yes)
    await server.stop()
  }

  @Test func theKeyIsInNoEvidence() async throws {
    let key = "sk-secret-1234567890"
    let server = try await ScriptedServer { _, seen in
      seen.body.contains("response_format")
        ? .status(200, #"{"choices":[{"message":{"content":"you sent \#(seen.authorization ?? "")"}}]}"#)
        : .status(400, #"{"error":"bad key \#(seen.authorization ?? "")"}"#)
    }
    let client = ChatClient(endpoint: try Endpoint(baseURL: server.baseURL, apiKey: key))

    let found = try await EndpointProbe(client: client, model: "m").run()

    #expect(found.schema.value == .ignored)
    #expect(!found.lines.contains { $0.evidence.contains("secret") })
    await server.stop()
  }

  @Test func tonesAreWAVFilesOfTheirLength() {
    let tone = ProbeTone.base64(seconds: 1, hertz: 440)

    #expect(tone.hasPrefix("UklGR"))
    #expect(tone.utf8.count == (44 + 32_000 + 2) / 3 * 4)
  }
}
