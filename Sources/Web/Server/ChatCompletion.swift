import Foundation

/// The answer to a completion request, in the shape the OpenAI API gives it.
struct ChatCompletion: Encodable {
  struct Message: Encodable {
    var role = "assistant"
    var content: String?
    var refusal: String?

    enum CodingKeys: CodingKey {
      case role, content, refusal
    }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(role, forKey: .role)
      // The API writes an explicit null for these.
      try container.encode(content, forKey: .content)
      try container.encode(refusal, forKey: .refusal)
    }
  }

  struct Choice: Encodable {
    var index = 0
    var message: Message
    var finishReason: String

    enum CodingKeys: String, CodingKey {
      case index, message
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
  init(answering request: ChatRequest, body: UInt64, bytes: Int, fault: Fault?) {
    var message = Message()
    var finishReason = "stop"
    if fault == .refusal {
      message.refusal = "I'm sorry, but I can't help with that."
    } else {
      var content = request.sound.map(ListenedCaption.text) ?? QuestionGrammar().content(for: request)
      if fault == .wrongJSON { content = Self.wrongJSON(content, body: body) }
      let room = fault == .truncated ? content.utf8.count / 2 : (request.maximumTokens ?? .max / 4) * 4
      if room < content.utf8.count {
        content = String(decoding: content.utf8.prefix(max(0, room)), as: UTF8.self)
        finishReason = "length"
      }
      message.content = content
    }
    id = "chatcmpl-\(StableHash.hex(body))"
    model = request.model
    choices = [Choice(message: message, finishReason: finishReason)]
    let written = (message.content ?? message.refusal ?? "").utf8.count
    let (prompt, completion) = ((bytes + 3) / 4, (written + 3) / 4)
    usage = Usage(promptTokens: prompt, completionTokens: completion, totalTokens: prompt + completion)
  }

  /// What models write in place of the JSON they were asked for.
  private static func wrongJSON(_ content: String, body: UInt64) -> String {
    switch body % 3 {
    case 0: "Sure! Here are some questions about the recording you described."
    case 1: String(decoding: content.utf8.prefix(min(40, content.utf8.count / 2)), as: UTF8.self) + " ..."
    default: "{\"items\":\"none\"}"
    }
  }
}
