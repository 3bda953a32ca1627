import Testing

@testable import Chat

struct EmbeddingTests {
  private static let answer = """
    {"object":"list","data":[{"object":"embedding","index":1,"embedding":[0.5,-1]},\
    {"object":"embedding","index":0,"embedding":[3,4.25e0]}],"model":"m","usage":{"prompt_tokens":7,"total_tokens":7}}
    """

  @Test func aVectorComesBackForEachTextInItsPlace() async throws {
    let server = try await ScriptedServer(.status(503, ""), .status(200, Self.answer))
    let client = ChatClient(endpoint: try Endpoint(baseURL: server.baseURL), pacing: TestClock().pacing())
    let request = EmbeddingRequest(model: "m", texts: ["a \"dog\"", "日本"], dimensions: 2)

    let response = try await client.send(request)
    let reply = try EmbeddingReply(parsing: response.body, count: 2)

    #expect(reply.vectors == [[3, 4.25], [0.5, -1]])
    #expect(reply.promptTokens == 7 && response.attempts == 2)
    #expect(server.seen.map(\.path) == ["/v1/embeddings", "/v1/embeddings"])
    #expect(
      server.seen[1].body
        == #"{"dimensions":2,"encoding_format":"float","input":["a \"dog\"","日本"],"model":"m"}"#)
    #expect(EmbeddingRequest(parsing: response.requestBody) == request)
    await server.stop()
  }

  @Test func aRefusalIsToldWithItsStatus() async throws {
    let server = try await ScriptedServer(.status(404, #"{"error":{"message":"no such model"}}"#))
    let client = ChatClient(endpoint: try Endpoint(baseURL: server.baseURL))

    await #expect {
      try await client.send(EmbeddingRequest(model: "m", texts: ["a"]))
    } throws: { error in
      "\(error)".contains("status 404") && "\(error)".contains("no such model")
    }
    await server.stop()
  }

  @Test(arguments: [
    "", "[]", #"{"data":[]}"#, #"{"data":[{"index":0,"embedding":[]}]}"#, #"{"data":[{"index":0,"embedding":["x"]}]}"#,
    #"{"data":[{"index":1,"embedding":[1]}]}"#, #"{"data":[{"index":0,"embedding":[1e99]}]}"#,
    #"{"data":[{"index":0,"embedding":"AAAA"}]}"#, #"{"data":[{"embedding":[1]},{"embedding":[2]}]}"#,
  ])
  func answersThatDoNotHoldAVectorForTheTextAreRefused(body: String) {
    #expect(throws: ReplyError.self) { try EmbeddingReply(parsing: Array(body.utf8), count: 1) }
  }

  @Test func vectorsOfDifferentLengthsAreRefused() {
    let body = #"{"data":[{"embedding":[1]},{"embedding":[2,3]}]}"#
    #expect(throws: ReplyError.self) { try EmbeddingReply(parsing: Array(body.utf8), count: 2) }
  }

  @Test func theKeyIsTheEndpointsAndTheTexts() throws {
    let request = EmbeddingRequest(model: "m", texts: ["a"])
    let one = try Endpoint(baseURL: "https://one.example/v1")
    let other = try Endpoint(baseURL: "https://other.example/v1")

    #expect(request.key(at: one) == EmbeddingRequest(model: "m", texts: ["a"]).key(at: one))
    #expect(
      Set([
        request.key(at: one), request.key(at: other), request.key(at: one, salt: 1),
        EmbeddingRequest(model: "m", texts: ["b"]).key(at: one),
        EmbeddingRequest(model: "m", texts: ["a"], dimensions: 2).key(at: one),
      ]).count == 5)
  }
}
