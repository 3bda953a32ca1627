import Foundation

/// The answer to a completion request, in the shape the OpenAI API gives it.
struct ChatCompletion: Encodable {
  struct Message: Encodable {
    var role = "assistant"
    var content: String?
    var refusal: String?
    /// Where some servers put what a model thinks, and at times what it answers.
    var reasoningContent: String?
    var reasoning: String?

    enum CodingKeys: String, CodingKey {
      case role, content, refusal, reasoning
      case reasoningContent = "reasoning_content"
    }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(role, forKey: .role)
      // The API writes an explicit null for these.
      try container.encode(content, forKey: .content)
      try container.encode(refusal, forKey: .refusal)
      try container.encodeIfPresent(reasoningContent, forKey: .reasoningContent)
      try container.encodeIfPresent(reasoning, forKey: .reasoning)
    }

    var text: String { reasoningContent ?? reasoning ?? content ?? refusal ?? "" }
  }

  struct Choice: Encodable {
    var index = 0
    var message: Message
    var finishReason: String
    var logprobs: LogProbabilities?

    enum CodingKeys: String, CodingKey {
      case index, message, logprobs
      case finishReason = "finish_reason"
    }
  }

  struct Usage: Encodable, Sendable {
    var promptTokens: Int
    var completionTokens: Int
    var totalTokens: Int

    enum CodingKeys: String, CodingKey {
      case promptTokens = "prompt_tokens"
      case completionTokens = "completion_tokens"
      case totalTokens = "total_tokens"
    }
  }

  var id: String
  var object = "chat.completion"
  // A time would make two answers to one body differ.
  var created = 0
  var model: String
  var choices: [Choice]
  var usage: Usage
  var systemFingerprint = "stand-in-\(StandInServer.version)"

  enum CodingKeys: String, CodingKey {
    case id, object, created, model, choices, usage
    case systemFingerprint = "system_fingerprint"
  }

  /// - Parameters:
  ///   - body: the hash of the request's body.
  ///   - bytes: the length of the request's body.
  init(answering request: ChatRequest, body: UInt64, bytes: Int, fault: StandInFault?) {
    let choice = Self.choice(for: request, body: body, fault: fault)
    id = "chatcmpl-\(StableHash.hex(body))"
    model = request.model
    choices = fault == .noChoices ? [] : [choice]
    let (prompt, completion) = (request.promptTokens(bytes: bytes), (choice.message.text.utf8.count + 3) / 4)
    usage = Usage(promptTokens: prompt, completionTokens: completion, totalTokens: prompt + completion)
  }

  private static func choice(for request: ChatRequest, body: UInt64, fault: StandInFault?) -> Choice {
    if fault == .refusal {
      return Choice(message: Message(refusal: "I'm sorry, but I can't help with that."), finishReason: "stop")
    }
    var (content, finishReason) = (StandInWriter.content(for: request), "stop")
    content = fault?.spoiled(content, body: body) ?? content
    let room = fault == .truncated ? content.utf8.count / 2 : (request.maximumTokens ?? .max / 4) * 4
    if room < content.utf8.count {
      content = String(decoding: content.utf8.prefix(max(0, room)), as: UTF8.self)
      finishReason = "length"
    }
    let logprobs = request.logProbabilities.map { LogProbabilities(of: content, alternatives: $0) }
    let message =
      switch fault {
      case .reasoningContent: Message(content: "", reasoningContent: content)
      case .reasoning: Message(content: "", reasoning: content)
      default: Message(content: content)
      }
    if fault == .contentFilter { finishReason = "content_filter" }
    return Choice(message: message, finishReason: finishReason, logprobs: logprobs)
  }
}

extension ChatRequest {
  private static let tokensPerSecondOfSound = 25.0

  /// What the prompt counts as: a token for four bytes of a body of `bytes` without its sounds, and 25 for a second of
  /// sound.
  func promptTokens(bytes: Int) -> Int {
    (max(0, bytes - soundBytes) + 3) / 4 + Int((soundSeconds * Self.tokensPerSecondOfSound).rounded(.up))
  }
}
