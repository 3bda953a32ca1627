/// What is asked of `/chat/completions`. Settings that are nil are left to the server.
public struct ChatRequest: Sendable, Hashable {
  public var model: String
  public var messages: [ChatMessage]
  public var temperature: Double?
  public var topP: Double?
  /// `max_tokens`.
  public var maxTokens: Int?
  /// `max_completion_tokens`, which newer OpenAI models want in place of `max_tokens`.
  public var maxCompletionTokens: Int?
  public var seed: Int?
  public var responseFormat: ResponseFormat?
  /// Members for one server's own settings, such as `reasoning_effort`. They never replace those above.
  public var extra: [String: JSONValue]

  public init(
    model: String, messages: [ChatMessage], temperature: Double? = nil, topP: Double? = nil, maxTokens: Int? = nil,
    maxCompletionTokens: Int? = nil, seed: Int? = nil, responseFormat: ResponseFormat? = nil,
    extra: [String: JSONValue] = [:]
  ) {
    self.model = model
    self.messages = messages
    self.temperature = temperature
    self.topP = topP
    self.maxTokens = maxTokens
    self.maxCompletionTokens = maxCompletionTokens
    self.seed = seed
    self.responseFormat = responseFormat
    self.extra = extra
  }

  /// The body to send: equal requests give equal bytes, on any machine. See `JSONValue.canonicalBytes`.
  public var canonicalBody: [UInt8] { json.canonicalBytes }

  /// How strictly the request asks for JSON.
  public var output: StructuredOutput { responseFormat?.output ?? .plain }

  /// The same request, asking no more strictly than `output`.
  public func asking(for output: StructuredOutput) -> ChatRequest {
    var request = self
    switch (responseFormat, output) {
    case (.jsonSchema, .jsonObject): request.responseFormat = .jsonObject
    case (_, .plain): request.responseFormat = nil
    default: break
    }
    return request
  }
}

extension ChatRequest {
  /// The request as a JSON object.
  public var json: JSONValue {
    var members = extra
    members["model"] = .string(model)
    members["messages"] = .array(messages.map(\.json))
    let settings: [String: JSONValue?] = [
      "temperature": temperature.map(JSONValue.double), "top_p": topP.map(JSONValue.double),
      "max_tokens": maxTokens.map(JSONValue.int), "max_completion_tokens": maxCompletionTokens.map(JSONValue.int),
      "seed": seed.map(JSONValue.int), "response_format": responseFormat?.json,
    ]
    for case (let name, let value?) in settings { members[name] = value }
    return .object(members)
  }

  /// Reads what `json` writes; nil where model or messages are missing or a setting has another shape.
  public init?(json: JSONValue) {
    guard var members = json.objectValue, let model = members.removeValue(forKey: "model")?.stringValue,
      let turns = members.removeValue(forKey: "messages")?.arrayValue
    else { return nil }
    let messages = turns.compactMap(ChatMessage.init(json:))
    let format = members.removeValue(forKey: "response_format")
    let responseFormat = format.flatMap(ResponseFormat.init(json:))
    guard messages.count == turns.count, (format == nil) == (responseFormat == nil) else { return nil }
    self.init(
      model: model, messages: messages,
      temperature: members.removeValue(forKey: "temperature")?.doubleValue,
      topP: members.removeValue(forKey: "top_p")?.doubleValue,
      maxTokens: members.removeValue(forKey: "max_tokens")?.intValue,
      maxCompletionTokens: members.removeValue(forKey: "max_completion_tokens")?.intValue,
      seed: members.removeValue(forKey: "seed")?.intValue,
      responseFormat: responseFormat, extra: members)
  }
}

extension ChatRequest: Codable {
  public init(from decoder: any Decoder) throws {
    guard let request = ChatRequest(json: try JSONValue(from: decoder)) else {
      throw DecodingError.dataCorrupted(
        DecodingError.Context(codingPath: decoder.codingPath, debugDescription: "not a chat completions request"))
    }
    self = request
  }

  public func encode(to encoder: any Encoder) throws {
    try json.encode(to: encoder)
  }
}
