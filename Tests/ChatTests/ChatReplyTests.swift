import Testing

@testable import Chat

struct ChatReplyTests {
  @Test func anAnswerThatCameTwiceOrWithBytesThatAreNoTextIsAnAnswer() throws {
    let body = Array(#"{"choices":[{"message":{"content":"a?b"}}],"usage":{"prompt_tokens":3}}"#.utf8)
    let broken = body.map { $0 == UInt8(ascii: "?") ? 0xFF : $0 }

    #expect(try ChatReply(parsing: body + body).text == "a?b")
    #expect(try ChatReply(parsing: broken).text == "a\u{FFFD}b")
    #expect(try ChatReply(parsing: broken + broken).promptTokens == 3)
    #expect(throws: ReplyError.self) { try ChatReply(parsing: Array(body.dropLast())) }
  }

  @Test func aWholeReplyIsRead() throws {
    let reply = try ChatReply(
      parsing: Array(
        #"""
        {"id":"c1","model":"m-2024","system_fingerprint":"fp","choices":[{"index":0,"message":{"role":"assistant",
        "content":"{\"items\":[]}","refusal":null},"finish_reason":"length"}],
        "usage":{"prompt_tokens":12,"completion_tokens":34.0,"total_tokens":46}}
        """#.utf8))

    #expect(reply.text == #"{"items":[]}"#)
    #expect(reply.finishReason == "length")
    #expect(reply.promptTokens == 12)
    #expect(reply.completionTokens == 34)
    #expect(reply.model == "m-2024")
    #expect(reply.systemFingerprint == "fp")
    #expect(reply.refusal == nil)
    #expect(reply.reasoning == nil)
  }

  @Test(
    arguments: [
      (#"{"content":[{"type":"text","text":"a"},{"type":"x"},{"type":"text","text":"b"}]}"#, "ab", nil),
      (#"{"content":null,"reasoning_content":"think"}"#, "", "think"),
      (#"{"content":"","reasoning":"think"}"#, "", "think"),
      (#"{"content":"a","reasoning":"think","reasoning_content":""}"#, "a", "think"),
      (#"{}"#, "", nil), (#"{"content":7}"#, "", nil),
    ] as [(String, String, String?)])
  func textIsFoundWhereServersPutIt(message: String, text: String, reasoning: String?) throws {
    let reply = try ChatReply(parsing: Array(#"{"choices":[{"message":\#(message)}],"usage":[]}"#.utf8))

    #expect(reply.text == text)
    #expect(reply.reasoning == reasoning)
    #expect(reply.promptTokens == nil)
  }

  @Test func aRefusalIsNoText() throws {
    let reply = try ChatReply(
      parsing: Array(#"{"choices":[{"message":{"content":null,"refusal":"I cannot."}}]}"#.utf8))

    #expect(reply.refusal == "I cannot.")
    #expect(reply.text.isEmpty)
  }

  private static let broken: [(String, ReplyError)] = [
    ("", .notJSON(excerpt: "")), ("<html>\u{1b}[2J</html>", .notJSON(excerpt: "<html>[2J</html>")),
    (#"{"choices":[{"message":{"content":"hal"#, .notJSON(excerpt: #"{"choices":[{"message":{"content":"hal"#)),
    ("{}", .noChoice(excerpt: "{}")), ("[1]", .noChoice(excerpt: "[1]")),
    (#"{"choices":[]}"#, .noChoice(excerpt: #"{"choices":[]}"#)),
    (#"{"choices":[{"message":"x"}]}"#, .noChoice(excerpt: #"{"choices":[{"message":"x"}]}"#)),
    (#"{"error":{"code":429,"message":"slow"}}"#, .endpointError(code: "429", message: "slow")),
    (#"{"error":{"type":"overloaded","message":"slow"}}"#, .endpointError(code: "overloaded", message: "slow")),
    (#"{"error":"slow"}"#, .endpointError(code: nil, message: "slow")),
  ]

  @Test(arguments: broken)
  func whatIsNoReplySaysWhy(body: String, error: ReplyError) {
    #expect(throws: error) { try ChatReply(parsing: Array(body.utf8)) }
  }

  @Test(arguments: ["[", "{\"a\":", "[{\"a\":"], [100, 600, 100_000])
  func hostileNestingIsAnErrorAndNoCrash(opening: String, depth: Int) {
    let body = Array(String(repeating: opening, count: depth).utf8)

    #expect(throws: ReplyError.self) { try ChatReply(parsing: body) }
  }

  @Test func nestingThatClosesIsBoundedToo() {
    let shallow = Array((String(repeating: "[", count: 128) + String(repeating: "]", count: 128)).utf8)
    let deep = Array((String(repeating: "[", count: 129) + String(repeating: "]", count: 129)).utf8)

    #expect(JSONValue(parsing: shallow) != nil)
    #expect(JSONValue(parsing: deep) == nil)
    #expect(JSONValue(parsing: Array(#"["[[[[\"[[[["]"#.utf8)) == [.string(#"[[[["[[[["#)])
  }

  @Test func bytesThatAreNoUTF8AreAnErrorAndNoCrash() {
    #expect(throws: ReplyError.self) { try ChatReply(parsing: [0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]) }
    #expect(throws: ReplyError.self) { try ChatReply(parsing: [UInt8](repeating: 0, count: 50)) }
  }

  @Test func anExcerptIsShortAndOnOneLine() throws {
    let text = excerpt(of: Array(("a\u{0}\r\n\tb\u{202e}c " + String(repeating: "é", count: 400)).utf8))

    #expect(text.count == 300)
    #expect(text.hasPrefix("a bc éé"))
    #expect(text.hasSuffix("é…"))
  }

  @Test(
    arguments: [
      ("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_777), ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
      ("Thu, 29 Feb 2024 23:59:59 GMT", 1_709_251_199), ("Sun, 06 Nov 1994 25:49:37 GMT", nil),
      ("Sunday, 06-Nov-94 08:49:37 GMT", nil), ("", nil), ("a b c d e GMT", nil),
    ] as [(String, Double?)])
  func datesOfHeadersAreReadAsCoreutilsReadsThem(text: String, seconds: Double?) {
    #expect(HTTPDate.secondsSince1970(text) == seconds)
  }
}
