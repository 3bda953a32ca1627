public import Transfer

/// Asks one endpoint, as many requests at a time as it works on, and asks again where that may help.
///
/// Made again: what got no connection or was cut off, 408, 409, 429 and 5xx, at growing intervals or when the endpoint
/// says so (`Retry-After`). When it says so, all sends of this client wait, and the wait is no failed attempt. They
/// wait too where the endpoint's limits are used up, and where everything fails: then one at a time goes as a trial,
/// until one succeeds or patience ends. While they wait there is no time limit on them, and they are served in order.
public final class ChatClient: Sendable {
  static let completionsPath = "/chat/completions"

  public let endpoint: Endpoint
  let http: HTTPClient
  let pacing: Pacing
  let gate: SendGate
  let dialect = Dialect()

  public init(endpoint: Endpoint, http: HTTPClient = HTTPClient(), pacing: Pacing = Pacing()) {
    self.endpoint = endpoint
    self.http = http
    self.pacing = pacing
    gate = SendGate(endpoint, pacing: pacing)
  }

  /// Asks a model as a probe found that it wants to be asked: for no stricter form of answers than holds.
  public func heed(_ traits: EndpointTraits) { dialect.learn(traits) }

  /// How the endpoint is being used at this moment.
  public var flow: FlowState { gate.flow }

  /// The answer to `request`, with status 2xx. An endpoint that refuses the request's `response_format` is asked one
  /// step more loosely (schema, some JSON object, nothing), one that wants `max_completion_tokens` gets it, and both is
  /// remembered per model.
  public func send(
    _ request: ChatRequest, onAttempt: AttemptHook = { _ in }
  ) async throws(ChatError) -> RawResponse {
    var tally = AttemptTally(maximum: endpoint.maximumAttempts)
    while true {
      let spelled = dialect.spelled(request)
      let call = HTTPCall(
        method: .post, path: Self.completionsPath, body: spelled.canonicalBody, output: spelled.output,
        tokens: request.estimatedTokens)
      let response = try await settle(call, &tally, onAttempt)
      if (200..<300).contains(response.status) {
        return RawResponse(
          status: response.status, headers: RawResponse.mattering(response.headers), body: response.body,
          seconds: response.seconds, attempts: tally.number, output: spelled.output, requestBody: call.body)
      }
      guard dialect.learns(from: response, of: spelled) else { throw refusal(response) }
    }
  }

  /// The models that the endpoint names at `/models`, in its order; a check that it can be reached, made at most twice.
  public func models() async throws(ChatError) -> [String] {
    var tally = AttemptTally(maximum: min(2, endpoint.maximumAttempts))
    let call = HTTPCall(method: .get, path: "/models", body: [], output: .plain, tokens: nil)
    let response = try await settle(call, &tally) { _ in }
    guard (200..<300).contains(response.status) else { throw refusal(response) }
    guard let models = JSONValue(parsing: response.body)?["data"]?.arrayValue else {
      throw .noModelList(endpoint: endpoint.identity, excerpt: excerpt(of: response.body, hiding: endpoint.key))
    }
    return models.compactMap { $0["id"]?.stringValue }
  }

  func refusal(_ response: HTTPResponse) -> ChatError {
    let (name, status) = (endpoint.identity, response.status)
    let text = excerpt(of: response.body, hiding: endpoint.key)
    switch status {
    case 401, 403:
      return .unauthorised(
        endpoint: name, status: status, variable: endpoint.keyVariable, hasKey: endpoint.key != nil, excerpt: text)
    case 300..<400:
      let location = excerpt(of: Array((response.headers["location"] ?? "").utf8), hiding: endpoint.key)
      return .redirected(endpoint: name, status: status, location: location)
    case _ where NextStep.isOutOfQuota(response): return .outOfQuota(endpoint: name, excerpt: text)
    default: return .rejected(endpoint: name, status: status, excerpt: text)
    }
  }
}
