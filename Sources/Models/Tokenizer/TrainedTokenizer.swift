import Foundation

/// A tokenizer that can be written to a model's folder.
public struct TrainedTokenizer: Sendable {
  private let parts: TokenizerParts
  public let tokenizer: Tokenizer

  init(parts: TokenizerParts, tokenizer: Tokenizer) {
    self.parts = parts
    self.tokenizer = tokenizer
  }

  /// Writes `tokenizer.json` and `tokenizer_config.json`, as transformers reads them (`AutoTokenizer`).
  public func write(folder: String) throws(TokenizerError) {
    try write(tokenizerJSON, to: folder + "/tokenizer.json")
    try write(configurationJSON, to: folder + "/tokenizer_config.json")
  }

  private func write(_ text: String, to path: String) throws(TokenizerError) {
    do {
      try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
    } catch {
      throw .notWritten(path: path, reason: "the folder is missing, full or not writable")
    }
  }
}

// MARK: Files

extension TrainedTokenizer {
  var tokenizerJSON: String {
    let added = parts.added.map { "    {\"id\": \($0.id), \(Self.fields(of: $0))}" }
    let vocabulary = parts.vocabulary.map { "      \(Self.quoted($0.token)): \($0.id)" }
    let merges = parts.merges.map { "      [\(Self.quoted($0.left)), \(Self.quoted($0.right))]" }
    return """
      {
        "version": "1.0",
        "truncation": null,
        "padding": null,
        "added_tokens": [
      \(added.joined(separator: ",\n"))
        ],
        "normalizer": {"type": "NFC"},
        "pre_tokenizer": {
          "type": "Sequence",
          "pretokenizers": [
            {
              "type": "Split",
              "pattern": {"Regex": \(Self.quoted(TokenizerFile.splittingRule))},
              "behavior": "Isolated",
              "invert": false
            },
            {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": false, "use_regex": false}
          ]
        },
        "post_processor": {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": false, "use_regex": false},
        "decoder": {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": false, "use_regex": false},
        "model": {
          "type": "BPE",
          "dropout": null,
          "unk_token": null,
          "continuing_subword_prefix": "",
          "end_of_word_suffix": "",
          "fuse_unk": false,
          "byte_fallback": false,
          "ignore_merges": false,
          "vocab": {
      \(vocabulary.joined(separator: ",\n"))
          },
          "merges": [
      \(merges.joined(separator: ",\n"))
          ]
        }
      }

      """
  }

  var configurationJSON: String {
    let added = parts.added.map { "    \"\($0.id)\": {\(Self.fields(of: $0))}" }
    let special = parts.added.map { "    \(Self.quoted($0.text))" }
    let has = { (token: String) in parts.added.contains { $0.text == token } ? Self.quoted(token) : "null" }
    return """
      {
        "add_prefix_space": false,
        "added_tokens_decoder": {
      \(added.joined(separator: ",\n"))
        },
        "additional_special_tokens": [
      \(special.joined(separator: ",\n"))
        ],
        "bos_token": null,
        "clean_up_tokenization_spaces": false,
        "eos_token": \(has("<|im_end|>")),
        "errors": "replace",
        "model_max_length": 8192,
        "pad_token": \(has("<|endoftext|>")),
        "split_special_tokens": false,
        "tokenizer_class": "Qwen2Tokenizer",
        "unk_token": null
      }

      """
  }

  private static func fields(of token: AddedToken) -> String {
    "\"content\": \(quoted(token.text)), \"lstrip\": \(token.stripsLeft), \"normalized\": \(token.isNormalized), "
      + "\"rstrip\": \(token.stripsRight), \"single_word\": \(token.isSingleWord), \"special\": \(token.isSpecial)"
  }

  /// `text` between quotation marks, with what JSON wants escaped.
  private static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": quoted += "\\\(scalar)"
      case "\u{0}"..<" ":
        let digits = String(scalar.value, radix: 16)
        quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}
