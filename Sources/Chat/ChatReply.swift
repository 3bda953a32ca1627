/// What a chat completion says, read from its body.
public struct ChatReply: Sendable, Hashable {
  /// The text of the first choice; parts of text are joined. Empty where the server left it out.
  public var text: String
  /// What a server reports of the model's thinking (`reasoning_content` or `reasoning`). Some put the answer there and
  /// leave `text` empty.
  public var reasoning: String?
  public var refusal: String?
  /// "stop", "length", "content_filter", …
  public var finishReason: String?
  public var promptTokens: Int?
  public var completionTokens: Int?
  /// Those of the prompt's tokens that stand for sound, where the endpoint tells.
  public var audioTokens: Int?
  public var model: String?
  public var systemFingerprint: String?

  /// Reads a body. Whatever is missing or of another shape is nil; only a body without any choice is an error.
  public init(parsing body: [UInt8]) throws(ReplyError) {
    guard let json = JSONValue(answer: body) else { throw .notJSON(excerpt: excerpt(of: body)) }
    guard let choice = json["choices"]?.arrayValue?.first, let message = choice["message"], message.objectValue != nil
    else { throw Self.problem(with: json, body) }
    text = Self.text(of: message["content"]) ?? ""
    reasoning = Self.text(of: message["reasoning_content"]) ?? Self.text(of: message["reasoning"])
    refusal = Self.text(of: message["refusal"])
    finishReason = choice["finish_reason"]?.stringValue
    promptTokens = json["usage"]?["prompt_tokens"]?.intValue
    completionTokens = json["usage"]?["completion_tokens"]?.intValue
    audioTokens = json["usage"]?["prompt_tokens_details"]?["audio_tokens"]?.intValue
    model = json["model"]?.stringValue
    systemFingerprint = json["system_fingerprint"]?.stringValue
  }

  /// Whether the limit of tokens ended it.
  public var isCut: Bool { finishReason == "length" }

  /// What the model says. Some servers put that where its thinking belongs; thoughts that were cut off are no answer.
  public var answer: String { text.isEmpty && !isCut ? reasoning ?? "" : text }

  /// A string, or the texts of a list of parts; nil where there is none.
  private static func text(of content: JSONValue?) -> String? {
    let text = content?.stringValue ?? content?.arrayValue?.compactMap { $0["text"]?.stringValue }.joined() ?? ""
    return text.isEmpty ? nil : text
  }

  private static func problem(with json: JSONValue, _ body: [UInt8]) -> ReplyError {
    guard let error = json["error"], error != .null else { return .noChoice(excerpt: excerpt(of: body)) }
    let code = error["code"] ?? error["type"]
    let message = error["message"]?.stringValue ?? error.stringValue ?? error.canonicalText
    return .endpointError(
      code: code?.stringValue ?? code?.intValue.map { "\($0)" }, message: excerpt(of: Array(message.utf8)))
  }
}
