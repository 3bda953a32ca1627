import Chat

/// Puts requests to an endpoint, many at a time, and tells one that is refused from the end of all.
struct EndpointExchange: Sendable {
  let client: ChatClient
  let settings: EndpointSettings

  /// Calls `body` with each number below `count`, as many at a time as the endpoint takes. After the first error no
  /// further ones are begun; those under way come to their end, as they are paid for.
  func forEach(_ count: Int, _ body: @escaping @Sendable (Int) async throws -> Void) async throws {
    let problem = await withTaskGroup(of: (any Error)?.self) { group in
      var (next, problem): (Int, (any Error)?) = (0, nil)
      func begin() {
        guard next < count, problem == nil else { return }
        let number = next
        next += 1
        group.addTask {
          do {
            try Task.checkCancellation()
            try await body(number)
            return nil
          } catch {
            return error
          }
        }
      }
      for _ in 0..<max(1, client.endpoint.concurrency) { begin() }
      while let outcome = await group.next() {
        problem = problem ?? outcome
        begin()
      }
      return problem
    }
    if let problem { throw problem }
    try Task.checkCancellation()
  }

  /// What the endpoint makes of `messages`. Throws where it will answer nothing else either: the key is refused, the
  /// quota used up, nobody there.
  func reply(to messages: [ChatMessage]) async throws -> Reply {
    let response: RawResponse
    do throws(ChatError) {
      response = try await client.send(settings.request(messages))
    } catch {
      if case .cancelled = error { throw CancellationError() }
      // That every attempt at one request failed is that request's own problem.
      if case .exhausted = error { return Reply(output: nil, problem: "\(error)") }
      if error.isAuthentication || error.isUnreachable { throw error }
      return Reply(output: nil, problem: "\(error)")
    }
    return Self.reply(in: response)
  }

  private static func reply(in response: RawResponse) -> Reply {
    let chat: ChatReply
    do throws(ReplyError) {
      chat = try ChatReply(parsing: response.body)
    } catch {
      return Reply(output: nil, problem: "\(error)", usage: usage(response, nil))
    }
    let (isCut, text) = (chat.isCut, chat.answer)
    var reply = Reply(
      output: text, tokens: chat.completionTokens ?? 0, isCut: isCut, usage: usage(response, chat))
    if let refusal = chat.refusal, text.isEmpty {
      reply.output = nil
      reply.problem = "the model declined: '\(refusal)'"
    } else if chat.finishReason == "content_filter" {
      reply.problem = "the endpoint's filter ended the answer"
    } else if text.isEmpty {
      reply.problem = isCut ? "the tokens allowed were used up before an answer" : "the answer is empty"
    }
    return reply
  }

  private static func usage(_ response: RawResponse, _ chat: ChatReply?) -> Reply.Usage {
    Reply.Usage(
      requests: response.attempts, promptTokens: chat?.promptTokens ?? 0,
      completionTokens: chat?.completionTokens ?? 0)
  }
}
