import Foundation
import Testing

@testable import Chat

struct CanonicalTests {
  @Test func aRequestHasOneWrittenForm() {
    let request = ChatRequest(
      model: "org/model", messages: [.system("Be brief."), .user("Say \"é/\u{1}\n🎧\"")], temperature: 0.7, topP: 1,
      maxTokens: 1200, seed: 5,
      responseFormat: .jsonSchema(name: "items", schema: ["type": "object", "additionalProperties": false]),
      extra: ["zeta": .null, "reasoning_effort": "low", "model": "never"])

    let body = String(decoding: request.canonicalBody, as: UTF8.self)

    #expect(
      body == #"""
        {"max_tokens":1200,"messages":[{"content":"Be brief.","role":"system"},\#
        {"content":"Say \"é/\u0001\n🎧\"","role":"user"}],"model":"org/model","reasoning_effort":"low",\#
        "response_format":{"json_schema":{"name":"items","schema":\#
        {"additionalProperties":false,"type":"object"},\#
        "strict":true},"type":"json_schema"},"seed":5,"temperature":0.7,"top_p":1,"zeta":null}
        """#)
  }

  @Test func aSoundGoesAsAnInputAudioPart() {
    let message = ChatMessage(.user, [.text("What is this?"), .audio(base64: "UklGRg==", format: "wav")])

    #expect(
      message.json.canonicalText == #"""
        {"content":[{"text":"What is this?","type":"text"},\#
        {"input_audio":{"data":"UklGRg==","format":"wav"},"type":"input_audio"}],"role":"user"}
        """#)
    #expect(ChatMessage(json: message.json) == message)
  }

  @Test func aRequestSurvivesBeingWrittenAndRead() throws {
    let requests = [
      question, structuredQuestion,
      ChatRequest(
        model: "m", messages: [.user("a"), .assistant("b")], temperature: 1, topP: 0.25, maxTokens: 3,
        maxCompletionTokens: 4, seed: -1, responseFormat: .jsonObject, extra: ["n": [1, 2.5, true, ["k": "v"]]]),
    ]

    for request in requests {
      let fromBody = try JSONDecoder().decode(ChatRequest.self, from: Data(request.canonicalBody))
      let fromCoder = try JSONDecoder().decode(ChatRequest.self, from: try JSONEncoder().encode(request))
      #expect(fromBody == request)
      #expect(fromCoder == request)
      #expect(fromBody.canonicalBody == request.canonicalBody)
    }
  }

  /// Foundation's parser is the other implementation here.
  @Test func whateverIsWrittenFoundationReadsBack() throws {
    let value: JSONValue = [
      "text": "tab\t quote\" back\\ slash/ nul\0 del\u{7f} line\u{2028} \u{8}\u{c}\r e\u{301}", "": [],
      "ü": ["a": .null],
      "numbers": [0, -1, 9_007_199_254_740_993, 0.1, 1e300, 2.5e-308, 123456.75], "flags": [true, false],
    ]

    let read = try JSONDecoder().decode(JSONValue.self, from: Data(value.canonicalBytes))

    #expect(read == value)
    #expect(JSONValue(parsing: value.canonicalBytes) == value)
  }

  @Test func numbersAreWrittenInOneWay() {
    let numbers: JSONValue = .array([.double(1), .double(-0.0), .double(0.1), .double(1e21), .double(.nan), .int(7)])

    #expect(numbers.canonicalText == "[1,0,0.1,1e+21,null,7]")
  }
}
