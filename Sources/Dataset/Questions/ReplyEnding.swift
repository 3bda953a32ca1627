/// How a reply came to its end, by the finish reason that its endpoint gives.
enum ReplyEnding: Equatable {
  /// The writer was done, or the endpoint does not say.
  case whole
  /// At the limit of tokens.
  case length
  /// The endpoint withheld the rest.
  case filter

  init(_ finishReason: String?) {
    switch finishReason?.lowercased() {
    // OpenAI's word, Anthropic's and Gemini's, Mistral's.
    case "length", "max_tokens", "model_length": self = .length
    case "safety", "recitation": self = .filter
    case let reason? where reason.hasPrefix("content_filter"): self = .filter
    default: self = .whole
    }
  }
}
