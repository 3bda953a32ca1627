import Dataset
import Testing

@Suite struct ReplyVerdictTests {
  private let item = #"{"question":"What barks?","correct":"a dog","distractors":["a cat","a cow","a hen"]}"#

  private func schema() throws -> SchemaCheck {
    try SchemaCheck(
      """
      {"type":"object","required":["items"],"properties":{"items":{"type":"array","items":{"type":"object",
      "required":["question","correct","distractors"],"properties":{"question":{"type":"string"},
      "distractors":{"type":"array","minItems":3,"maxItems":3,"items":{"type":"string"}}}}}}}
      """)
  }

  @Test func repliesWithAReadableQuestionAreUsable() throws {
    for text in ["{\"items\":[\(item)]}", "[\(item), 7]", "{\"items\":[\(item),{\"quest"] {
      let verdict = ReplyVerdict(text, schema: try schema())
      #expect(verdict == .usable(ReplyReader.read(text)))
    }
    #expect(
      ReplyVerdict("{\"items\":[\(item),", finishReason: "length")
        == .usable(ReplyReader.read("{\"items\":[\(item),", finishReason: "length")))
  }

  @Test func onlyACutBeforeTheFirstQuestionAsksForMoreRoom() {
    #expect(ReplyVerdict("{\"items\":[{\"question\":\"Wh", finishReason: "length") == .longer)
    #expect(ReplyVerdict("", finishReason: "length") == .longer)
    #expect(ReplyVerdict("{\"items\":[{\"question\":\"Wh") == .repair(["The JSON ends before it is whole."]))
  }

  @Test func refusalsAndFiltersAreHopeless() {
    #expect(ReplyVerdict("I'm sorry, I can't.") == .hopeless(.refusal, detail: "'I'm sorry, I can't.'"))
    #expect(ReplyVerdict("", refusal: "No.") == .hopeless(.refusal, detail: "'No.'"))
    #expect(
      ReplyVerdict("", finishReason: "content_filter")
        == .hopeless(.contentFilter, detail: "The endpoint withheld the reply."))
  }

  @Test func aWriterThatFoundNothingToAskIsNotPressed() {
    #expect(ReplyVerdict(#"{"items":[]}"#) == .hopeless(.schema, detail: "The list of items is empty."))
  }

  @Test func aReplyBeyondTheLimitIsNotQuotedBack() {
    guard case .hopeless(.schema, _) = ReplyVerdict(String(repeating: "x", count: 1 << 20 + 1)) else {
      Issue.record("a huge reply should be hopeless")
      return
    }
  }

  @Test func theWordsAreTheSchemas() throws {
    let text = #"Here: {"items":[{"question":"Q?","distractors":["a","b"]}]}"#

    let verdict = ReplyVerdict(text, schema: try schema())

    #expect(verdict == .repair(["items[0].correct: missing", "items[0].distractors: 2 entries, 3 are wanted"]))
    #expect(ReplyVerdict(text) == .repair(["items[0]: 'correct' is missing."]))
  }

  @Test func otherFaultsHaveWordsToo() {
    #expect(ReplyVerdict("") == .repair(["The reply is empty."]))
    #expect(ReplyVerdict("Sure! What is it?") == .repair(["There is no JSON in the reply."]))
    #expect(ReplyVerdict(#"{"items":"none"}"#) == .repair(["There are no questions in it."]))
    #expect(ReplyVerdict(#"{"items":[{]}"#) == .repair(["This is not JSON from ']}' on."]))
  }

  @Test func theRepairRepeatsTheReplyAndAsksForAllOfIt() {
    let turn = RepairTurn(reply: "  {oops}\n", problems: ["items[2].distractors: 2 entries, 3 are wanted"])

    #expect(turn.assistant == "{oops}")
    #expect(
      turn.user == """
        This reply cannot be used:
        - items[2].distractors: 2 entries, 3 are wanted

        Write the whole reply again without these faults: JSON only, in the form that was asked for, with nothing \
        before or after it.
        """)
    #expect(RepairTurn(reply: " ", problems: []).assistant == "(nothing)")
  }

  @Test func ofALongReplyTheRepairRepeatsBothEnds() {
    let turn = RepairTurn(reply: "BEGIN" + String(repeating: "é", count: 100_000) + "END", problems: [])

    #expect(turn.assistant.unicodeScalars.count < RepairTurn.longestQuote + 10)
    #expect(turn.assistant.hasPrefix("BEGINé") && turn.assistant.hasSuffix("éEND"))
    #expect(turn.assistant.contains("\n[…]\n"))
  }
}
