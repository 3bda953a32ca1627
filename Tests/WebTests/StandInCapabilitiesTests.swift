import Foundation
import Testing

@testable import Web

struct StandInCapabilitiesTests {
  private let prose = "Describe the weather by the sea in a sentence."

  private func body(_ text: String, _ more: String = "") -> Data {
    Data(#"{"model":"m","messages":[{"role":"user","content":"\#(text)"}]\#(more)}"#.utf8)
  }

  private func format(_ schema: String) -> String {
    #","response_format":{"type":"json_schema","json_schema":{"name":"n","strict":true,"schema":\#(schema)}}"#
  }

  private let trap = #"""
    {"type":"object","properties":{"word":{"type":"string","enum":["k3v9"]}},"required":["word"],"additionalProperties":false}
    """#

  private func content(
    _ body: Data, earlier: Int = 0, _ change: (inout StandInCapabilities) -> Void = { _ in }
  ) throws -> String {
    try completion(body, earlier: earlier, change).choices[0].message.content ?? ""
  }

  private func completion(
    _ body: Data, earlier: Int = 0, _ change: (inout StandInCapabilities) -> Void = { _ in }
  ) throws -> ChatCompletion {
    var capabilities = StandInCapabilities()
    change(&capabilities)
    let request = capabilities.heard(try ChatRequest(body: body), earlier: earlier)
    return ChatCompletion(answering: request, body: 1, bytes: body.count, fault: nil)
  }

  @Test func aSchemaWithOneLegalValueGetsIt() throws {
    #expect(try content(body(prose, format(trap))) == #"{"word":"k3v9"}"#)
    #expect(try content(body(prose, format(#"{"const":["a",1,null,true,1.5]}"#))) == #"["a",1,null,true,1.5]"#)
    #expect(try content(body(prose, format(#"{"enum":["x"]}"#))) == #""x""#)
    let list = #"{"type":"array","items":{"const":2},"minItems":3,"maxItems":3}"#
    #expect(try content(body(prose, format(list))) == "[2,2,2]")
  }

  @Test(
    arguments: [
      #"{"type":"string"}"#, #"{"enum":["a","b"]}"#, "true", "{}", #"{"enum":7}"#, #"{"properties":[]}"#,
      #"{"type":"object","properties":{"a":{"const":1}}}"#,
      #"{"type":"object","properties":{"a":{"const":1},"b":{"type":"string"}},"required":["a","b"]}"#,
      #"{"type":"array","items":{"const":2}}"#, #"{"type":"array","items":{"const":2},"minItems":-1,"maxItems":-1}"#,
    ])
  func anyOtherSchemaGetsQuestions(schema: String) async throws {
    let server = try await StandInServer.start()

    let answer = try await post(body("Write 1 question. It lasts 7 seconds.", format(schema)), to: server)

    // What is no schema at all is a mistake of the request.
    if answer.status == 200 { #expect(try items(of: choice(answer)).map(\.correct) == ["7 seconds"]) }
    #expect(answer.status == 200 || schema.contains("7") || schema.contains("[]"))
    await server.stop()
  }

  @Test func aFormatThatIsIgnoredChangesNothing() throws {
    let plain = try content(body(prose))
    let object = #","response_format":{"type":"json_object"}"#

    #expect(try content(body(prose, format(trap))) { $0.jsonSchema = .ignored } == plain)
    #expect(try content(body(prose, object)) { $0.jsonObject = .ignored } == plain)
    #expect(try content(body(prose, object)).hasPrefix(#"{"items":["#))
    #expect(!plain.contains("{") && plain.hasSuffix(" degrees."), "\(plain)")
    let questions = body("Write 1 question. It lasts 7 seconds.", format(trap))
    #expect(try content(questions) { $0.jsonSchema = .ignored }.hasPrefix(#"{"items":[{"#))
  }

  @Test func aFormatThatIsRefusedIsNamed() async throws {
    var capabilities = StandInCapabilities()
    capabilities.jsonSchema = .refused
    let server = try await StandInServer.start(capabilities: capabilities)

    let refused = try await post(body(prose, format(trap)), to: server)
    let taken = try await post(body(prose, #","response_format":{"type":"json_object"}"#), to: server)

    let error = try JSONDecoder.api.decode(ErrorReply.self, from: refused.body).error
    #expect(refused.status == 400 && taken.status == 200)
    #expect(error.message.contains("'response_format' of type 'json_schema'") && error.param == "response_format")
    #expect(await server.statistics.byStatus == ["200": 1, "400": 1])
    await server.stop()
  }

  @Test func aBadFormatIsAMistake() async throws {
    let server = try await StandInServer.start()
    for more in [#","response_format":{"type":"xml"}"#, #","response_format":{"type":"json_schema"}"#] {
      let answer = try await post(body(prose, more), to: server)
      #expect(answer.status == 400)
      #expect(try JSONDecoder.api.decode(ErrorReply.self, from: answer.body).error.message.contains("response_format"))
    }
    await server.stop()
  }

  @Test func numbersBeyondAllMeasureAreTaken() async throws {
    let server = try await StandInServer.start(limits: StandInLimits(tokensPerMinute: 1_000_000))
    for more in [#","max_tokens":9223372036854775807"#, #","max_tokens":-9223372036854775808"#, #","seed":-1"#] {
      #expect(try await [200, 429].contains(post(body(prose, more), to: server).status))
    }
    await server.stop()
  }

  @Test func anotherSeedWritesSomethingElse() throws {
    let texts = try (0..<20).map { try content(body(prose, #","seed":\#($0)"#)) }

    #expect(Set(texts).count >= 18)
    #expect(try content(body(prose, #","seed":3"#)) == texts[3])
  }

  @Test func contentVariesOnlyWhereItMay() throws {
    let (seeded, cold) = (body(prose, #","seed":4,"temperature":1"#), body(prose, #","temperature":0"#))
    func changes(_ body: Data, _ sampling: StandInCapabilities.Sampling) throws -> Bool {
      try content(body) { $0.sampling = sampling } != content(body, earlier: 1) { $0.sampling = sampling }
    }

    for sampling in StandInCapabilities.Sampling.allCases { #expect(try !changes(cold, sampling)) }
    #expect(try !changes(body(prose), .repeatable) && !changes(seeded, .repeatable))
    #expect(try changes(body(prose), .seeded) && !changes(seeded, .seeded))
    #expect(try changes(body(prose), .free) && changes(seeded, .free))
  }

  @Test func aServerThatVariesIsTheSameFromStartToStart() async throws {
    var capabilities = StandInCapabilities()
    capabilities.sampling = .free
    var runs: [[Data]] = []
    for _ in 0..<2 {
      let server = try await StandInServer.start(capabilities: capabilities)
      runs.append([try await post(body(prose), to: server).body, try await post(body(prose), to: server).body])
      await server.stop()
    }

    #expect(runs[0] == runs[1] && runs[0][0] != runs[0][1])
  }

  @Test func logProbabilitiesAreGivenWhenAskedFor() async throws {
    let server = try await StandInServer.start()
    let asked = body(prose, #","logprobs":true,"top_logprobs":3"#)

    let first = try choice(try await post(asked, to: server))
    let bare = try choice(try await post(body(prose, #","logprobs":true"#), to: server))
    let none = try choice(try await post(body(prose), to: server))

    let tokens = try #require(first.logprobs?.content)
    #expect(tokens.map(\.token).joined() == first.message.content)
    for token in tokens {
      #expect(token.logprob < 0 && token.bytes == Array(token.token.utf8) && token.topLogprobs.count == 3)
      #expect(token.topLogprobs.map(\.logprob) == token.topLogprobs.map(\.logprob).sorted(by: >))
      #expect(token.topLogprobs.reduce(0) { $0 + exp($1.logprob) } < 1.001)
    }
    #expect(bare.logprobs?.content.allSatisfy { $0.topLogprobs.isEmpty } == true)
    #expect(none.logprobs == nil)
    #expect(try completion(asked) { $0.givesLogProbabilities = false }.choices[0].logprobs == nil)
    await server.stop()
  }
}

struct HeardSoundTests {
  /// `seconds` of a square wave.
  private func body(seconds: Int, text: String = "Describe it.", more: String = "") -> Data {
    let samples = (0..<seconds * 8_000).map { Int16($0 % 20 < 10 ? 8_000 : -8_000) }
    let sound = Data(wave(samples, rate: 8_000)).base64EncodedString()
    return Data(
      """
      {"model":"m","messages":[{"role":"user","content":[
      {"type":"input_audio","input_audio":{"data":"\(sound)","format":"wav"}},
      {"type":"text","text":"\(text)"}]}]\(more)}
      """.utf8)
  }

  private func promptTokens(_ body: Data, audio: StandInCapabilities.Support = .honoured) throws -> Int {
    var capabilities = StandInCapabilities()
    capabilities.audio = audio
    let request = capabilities.heard(try ChatRequest(body: body), earlier: 0)
    return ChatCompletion(answering: request, body: 1, bytes: body.count, fault: nil).usage.promptTokens
  }

  @Test func aSecondOfSoundIsTwentyFiveTokens() throws {
    let (short, long) = (try promptTokens(body(seconds: 1)), try promptTokens(body(seconds: 8)))

    #expect(long - short == 7 * 25)
    #expect(short < 100)
  }

  @Test func soundThatIsIgnoredCostsNothingAndSaysNothing() throws {
    #expect(try promptTokens(body(seconds: 1), audio: .ignored) == promptTokens(body(seconds: 8), audio: .ignored))
    var capabilities = StandInCapabilities()
    capabilities.audio = .ignored
    #expect(capabilities.heard(try ChatRequest(body: body(seconds: 1)), earlier: 0).sound == nil)
  }

  @Test func soundThatIsRefusedIsNamed() async throws {
    var capabilities = StandInCapabilities()
    capabilities.audio = .refused
    let server = try await StandInServer.start(capabilities: capabilities)

    let answer = try await post(body(seconds: 1), to: server)

    #expect(answer.status == 400)
    #expect(try JSONDecoder.api.decode(ErrorReply.self, from: answer.body).error.message.contains("input_audio"))
    await server.stop()
  }

  @Test func aWriterThatHearsAsksOfWhatItHeard() throws {
    let request = try ChatRequest(
      body: body(
        seconds: 3, text: "Write 1 question, with 2 wrong answers.", more: #","response_format":{"type":"json_object"}"#
      ))

    let content = StandInWriter.content(for: request)

    #expect(content.hasPrefix(#"{"items":[{"correct":""#))
    #expect(content.contains("It lasts 3 seconds.") || content.contains("dBFS"), "\(content)")
  }
}
