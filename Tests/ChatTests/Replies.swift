import Chat

let goodReply = #"""
  {"id":"x","model":"m-1","choices":[{"message":{"role":"assistant","content":"hi"},"finish_reason":"stop"}],
  "usage":{"prompt_tokens":7,"completion_tokens":3}}
  """#

let question = ChatRequest(model: "m", messages: [.user("Hello?")])

let structuredQuestion = ChatRequest(
  model: "m", messages: [.user("Answer in JSON.")],
  responseFormat: .jsonSchema(name: "items", schema: ["type": "object"]))

extension ChatClient {
  /// How a request that must not be answered failed.
  func failure(of request: ChatRequest) async -> ChatError? {
    do throws(ChatError) {
      _ = try await send(request)
      return nil
    } catch {
      return error
    }
  }
}
