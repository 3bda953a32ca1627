/// Why a conversation cannot be put into a prompt.
public enum ConversationError: Error, Equatable, Sendable {
  /// `audios` is how many there are.
  case audioOutOfRange(index: Int, audios: Int)
  case audioTokenCount(index: Int, count: Int)
  /// The tokenizer lacks a token that the template needs.
  case missingToken(String)
  /// The text spells out the token that stands for audio.
  case audioTokenInText(String)
  case audioForTextModel
}

extension ConversationError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .audioOutOfRange(let index, let audios):
      "audio \(index): the conversation has \(audios) audios, counted from 0. Give the audio, or leave the part out."
    case .audioTokenCount(let index, let count):
      "audio \(index): \(count) tokens. A sound has at least one; it may be too short."
    case .missingToken(let token):
      "token '\(token)': not in the tokenizer. Use the tokenizer files of the model itself."
    case .audioTokenInText(let token):
      "token '\(token)': spelled out in a text. Give audio as a part of its own."
    case .audioForTextModel: "audio: the model reads text alone. Use a Qwen2-Audio or Qwen2.5-Omni model."
    }
  }
}
