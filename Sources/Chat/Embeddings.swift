import Transfer

/// What is asked of `/embeddings`: a vector for each text.
public struct EmbeddingRequest: Sendable, Hashable {
  public var model: String
  public var texts: [String]
  /// The length of the vectors, where the server can shorten them; nil for the model's own.
  public var dimensions: Int?

  public init(model: String, texts: [String], dimensions: Int? = nil) {
    self.model = model
    self.texts = texts
    self.dimensions = dimensions
  }

  /// The body to send: equal requests give equal bytes.
  public var canonicalBody: [UInt8] {
    var members: [String: JSONValue] = [
      "model": .string(model), "input": .array(texts.map(JSONValue.string)), "encoding_format": .string("float"),
    ]
    if let dimensions { members["dimensions"] = .int(dimensions) }
    return JSONValue.object(members).canonicalBytes
  }

  /// Reads what `canonicalBody` writes; nil for anything else.
  public init?(parsing body: [UInt8]) {
    guard let json = JSONValue(parsing: body), let model = json["model"]?.stringValue,
      let input = json["input"]?.arrayValue
    else { return nil }
    let texts = input.compactMap(\.stringValue)
    guard texts.count == input.count else { return nil }
    self.init(model: model, texts: texts, dimensions: json["dimensions"]?.intValue)
  }

  /// What the request is known by at an endpoint. `salt` counts up when it is made once more because its answer was of
  /// no use.
  public func key(at endpoint: Endpoint, salt: Int = 0) -> RequestKey {
    RequestKey(
      method: "POST", identity: endpoint.identity, path: ChatClient.embeddingsPath, body: canonicalBody, salt: salt)
  }

  /// About how many tokens the texts are: four bytes each, as English has.
  var estimatedTokens: Int { texts.reduce(0) { $0 + $1.utf8.count / 4 + 1 } }
}

extension ChatClient {
  static let embeddingsPath = "/embeddings"

  /// The answer to `request`, with status 2xx, as it came.
  public func send(
    _ request: EmbeddingRequest, onAttempt: AttemptHook = { _ in }
  ) async throws(ChatError) -> RawResponse {
    var tally = AttemptTally(maximum: endpoint.maximumAttempts)
    let call = HTTPCall(
      method: .post, path: Self.embeddingsPath, body: request.canonicalBody, output: .plain,
      tokens: request.estimatedTokens)
    let response = try await settle(call, &tally, onAttempt)
    guard (200..<300).contains(response.status) else { throw refusal(response) }
    return RawResponse(
      status: response.status, headers: RawResponse.mattering(response.headers), body: response.body,
      seconds: response.seconds, attempts: tally.number, output: .plain, requestBody: call.body)
  }
}

/// What an endpoint answered at `/embeddings`.
public struct EmbeddingReply: Sendable, Equatable {
  /// In the order of the request's texts; all of one length.
  public let vectors: [[Float]]
  /// Tokens of the texts, where the endpoint tells.
  public let promptTokens: Int?

  /// Throws where there is not one vector of finite numbers for each of `count` texts.
  public init(parsing body: [UInt8], count: Int) throws(ReplyError) {
    guard let json = JSONValue(parsing: body) else { throw .notJSON(excerpt: excerpt(of: body, hiding: nil)) }
    guard let data = json["data"]?.arrayValue, data.count == count else { throw Self.unfit(body) }
    var vectors = [[Float]](repeating: [], count: count)
    for (place, item) in data.enumerated() {
      let index = item["index"]?.intValue ?? place
      guard vectors.indices.contains(index), vectors[index].isEmpty, let numbers = item["embedding"]?.arrayValue else {
        throw Self.unfit(body)
      }
      vectors[index] = numbers.compactMap { $0.doubleValue.map { Float($0) } }
      guard vectors[index].count == numbers.count, !numbers.isEmpty, vectors[index].allSatisfy(\.isFinite) else {
        throw Self.unfit(body)
      }
    }
    guard Set(vectors.map(\.count)).count <= 1 else { throw Self.unfit(body) }
    self.vectors = vectors
    promptTokens = json["usage"]?["prompt_tokens"]?.intValue
  }

  private static func unfit(_ body: [UInt8]) -> ReplyError { .noVectors(excerpt: excerpt(of: body, hiding: nil)) }
}
