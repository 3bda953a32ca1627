import Synchronization

/// What came of one request of a probe.
enum ProbeAnswer {
  case answered(ChatReply, RawResponse)
  /// With a status that says no to this one request.
  case refused(status: Int, words: String)
  case failed(words: String)

  var reply: ChatReply? { if case .answered(let reply, _) = self { reply } else { nil } }

  /// Why there is no reply, for an evidence.
  var trouble: String {
    switch self {
    case .answered: "it answers"
    case .refused(let status, let words): "refused with status \(status)" + (words.isEmpty ? "" : ": '\(words)'")
    case .failed(let words): words
    }
  }
}

/// Sends a probe's requests, one after the other and never more than allowed.
///
/// An endpoint that is out of reach or takes no key is an error; everything else is an answer of a kind.
struct ProbeExchange {
  let client: ChatClient
  let model: String
  private let budget: ProbeBudget
  private let sender: EndpointProbe.Send
  private(set) var wantsCompletionTokens = EndpointTraits.Finding(
    EndpointTraits.Answer.unknown, "no request was answered")
  /// Whether the endpoint has answered anything yet.
  private var isReached = false

  init(client: ChatClient, model: String, mostRequests: Int, send: @escaping EndpointProbe.Send) {
    self.client = client
    self.model = model
    sender = send
    budget = ProbeBudget(most: mostRequests)
  }

  var requests: Int { budget.used }

  /// What the endpoint said when it last refused a form of output and was asked more loosely.
  var lastFailure: String? { budget.lastFailure }

  /// Puts a request with a limit of tokens, under the name that the endpoint wants for it.
  mutating func ask(
    _ parts: [ChatMessage.Part], maxTokens: Int, format: ResponseFormat? = nil, temperature: Double? = nil,
    seed: Int? = nil, extra: [String: JSONValue] = [:]
  ) async throws(ChatError) -> ProbeAnswer {
    let request = ChatRequest(
      model: model, messages: [ChatMessage(.user, parts)], temperature: temperature, maxTokens: maxTokens, seed: seed,
      responseFormat: format, extra: extra)
    let answer = try await send(request)
    if case .answered(_, let response) = answer, wantsCompletionTokens.value == .unknown {
      let isRenamed = JSONValue(parsing: response.requestBody)?["max_completion_tokens"] != nil
      wantsCompletionTokens =
        isRenamed
        ? EndpointTraits.Finding(.yes, budget.lastFailure ?? "requests with max_tokens are refused")
        : EndpointTraits.Finding(.no, "requests with max_tokens are answered")
    }
    return answer
  }

  /// A few words of a text that came from the endpoint.
  func quote(_ text: String) -> String {
    let words = excerpt(of: Array(text.utf8.prefix(2_000)), hiding: client.endpoint.key)
    return "'\(words.count > 60 ? words.prefix(59) + "…" : words)'"
  }

  private mutating func send(_ request: ChatRequest) async throws(ChatError) -> ProbeAnswer {
    let budget = budget
    do throws(ChatError) {
      let response = try await sender(request) { event in try budget.note(event) }
      isReached = true
      return Self.answer(in: response)
    } catch {
      switch error {
      case .rejected(_, let status, let words) where isReached || status != 404:
        return .refused(status: status, words: words)
      case .unauthorised(_, let status, _, _, let words) where isReached && status == 403:
        return .refused(status: status, words: words)
      case .exhausted(_, _, let last) where isReached: return .failed(words: "\(last)")
      case .pauseTooLong where isReached: return .failed(words: "the endpoint asks to wait too long")
      case .transfer(_, let problem): return .failed(words: "\(problem)")
      case .notRecorded(let cause) where cause is ProbeBudget.UsedUp:
        return .failed(words: "the probe's \(budget.most) requests were used up before")
      default: throw error
      }
    }
  }

  private static func answer(in response: RawResponse) -> ProbeAnswer {
    do throws(ReplyError) {
      return .answered(try ChatReply(parsing: response.body), response)
    } catch {
      return .failed(words: "\(error)")
    }
  }
}

/// Counts what goes out, and lets no more out than allowed.
final class ProbeBudget: Sendable {
  struct UsedUp: Error {}

  let most: Int
  private let state = Mutex((used: 0, lastFailure: String?.none))

  init(most: Int) {
    self.most = most
  }

  var used: Int { state.withLock { $0.used } }
  var lastFailure: String? { state.withLock { $0.lastFailure } }

  func note(_ event: AttemptEvent) throws(UsedUp) {
    let isAllowed = state.withLock { state in
      switch event.happening {
      case .failed(let failure): state.lastFailure = "\(failure)"
      case .sending where state.used >= most: return false
      case .sending: state.used += 1
      }
      return true
    }
    if !isAllowed { throw UsedUp() }
  }
}
