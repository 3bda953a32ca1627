import Testing

@testable import Chat

struct TokenEstimateTests {
  @Test func textSoundAndTheLongestAnswerCount() {
    // 10 s of sound are 320,000 bytes, in base64 a third more.
    let sound = ChatMessage.Part.audio(base64: String(repeating: "A", count: 426_668), format: "wav")
    let request = ChatRequest(
      model: "m", messages: [.system(String(repeating: "é", count: 20)), ChatMessage(.user, [sound, .text("abcd")])],
      maxTokens: 100)

    #expect(request.estimatedTokens == 100 + 10 + 1 + 251)
    #expect(ChatRequest(model: "m", messages: [.user("abcde")], maxCompletionTokens: 7).estimatedTokens == 9)
    #expect(ChatRequest(model: "m", messages: []).estimatedTokens == 0)
  }

  @Test(
    arguments: [
      (goodReply, TokenUsage(prompt: 7, completion: 3)),
      (#"{"usage": {"completion_tokens" : 34.0, "prompt_tokens":12}}"#, TokenUsage(prompt: 12, completion: 34)),
      (
        #"{"usage":{"prompt_tokens":5,"completion_tokens":6,"completion_tokens_details":{"x":1}},"z":"y"}"#,
        TokenUsage(prompt: 5, completion: 6)
      ),
      (#"{"choices":[{"message":{"content":"\"prompt_tokens\":1,\"completion_tokens\":2"}}]}"#, nil),
      (#"{"usage":{"prompt_tokens":null,"completion_tokens":2}}"#, nil), ("", nil), ("{}", nil),
      (#"{"prompt_tokens":1,"completion_tokens":"#, nil),
    ] as [(String, TokenUsage?)])
  func usageIsFoundWithoutReadingTheAnswer(body: String, usage: TokenUsage?) {
    #expect(TokenUsage(scanning: Array(body.utf8)) == usage)
  }

  @Test(
    arguments: [
      (goodReply, false), ("{}", false), ("", false), ("<html>", false), ("[1", false), ("{", true),
      (#"{"a":"}"#, true), (#"{"a":"\"}"#, true), (#"{"a":{"b":1}"#, true), (#" {"a":{"b":1}} {"a""#, false),
    ])
  func anObjectThatDoesNotEndIsSeen(body: String, isCut: Bool) {
    #expect(endsWithinObject(Array(body.utf8)) == isCut)
  }
}
