/// The special tokens that `tokenizer_config.json` gives by their part, such as `eos_token`, without ids.
struct NamedTokens {
  /// In the order in which transformers numbers those that have no id yet; with what Qwen's tokenizers take where the
  /// file says nothing.
  private static let parts: [(key: String, standard: String?)] = [
    ("bos_token", nil), ("eos_token", "<|endoftext|>"), ("unk_token", "<|endoftext|>"), ("sep_token", nil),
    ("pad_token", "<|endoftext|>"), ("cls_token", nil), ("mask_token", nil),
  ]

  private(set) var texts: [String] = []

  /// `configuration` is nil where there is no such file.
  init(configuration: TokenizerJSON?, path: String) throws(TokenizerError) {
    for (key, standard) in Self.parts {
      switch configuration?[key] {
      case nil: append(standard)
      case .null?: continue
      case let value?: append(try Self.text(value, key: key, path: path))
      }
    }
    for key in ["additional_special_tokens", "extra_special_tokens"] {
      guard case .array(let tokens)? = configuration?[key] else { continue }
      for token in tokens { append(try Self.text(token, key: key, path: path)) }
    }
  }

  func contains(_ text: String) -> Bool { texts.contains { $0.utf8.elementsEqual(text.utf8) } }

  private mutating func append(_ text: String?) {
    if let text, !contains(text) { texts.append(text) }
  }

  private static func text(_ value: TokenizerJSON, key: String, path: String) throws(TokenizerError) -> String {
    guard let text = value.text ?? value["content"]?.text, !text.utf8.isEmpty else {
      throw .wrongValue(path: path, key: key, wanted: "a token")
    }
    return text
  }
}
