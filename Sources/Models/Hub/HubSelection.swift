import Foundation

/// Which of a model's files are pulled.
struct HubSelection: Sendable {
  /// What Earshot reads of a model, at the top of its folder.
  private static let needed = [
    "config.json", "generation_config.json", "tokenizer.json", "tokenizer_config.json", "vocab.json", "merges.txt",
    "added_tokens.json", "special_tokens_map.json", "preprocessor_config.json", "processor_config.json",
    "chat_template.json", "chat_template.jinja", "additional_chat_templates/*.jinja", "*.safetensors",
    "*.safetensors.index.json",
  ]

  /// Those that the user gave; none for what a model needs.
  let patterns: [String]

  /// In the user's patterns a star also stands for slashes, as in `hf download --include`.
  func wants(_ path: String) -> Bool {
    if patterns.isEmpty { return Self.needed.contains { fnmatch($0, path, FNM_PATHNAME) == 0 } }
    return patterns.contains { fnmatch($0, path, 0) == 0 }
  }

  func check(_ listing: HubListing, of model: ModelName) throws(HubError) {
    if patterns.isEmpty {
      guard listing.files.contains(where: { $0.path.hasSuffix(".safetensors") }) else {
        throw .noWeights(model: "\(model)")
      }
    } else if listing.files.isEmpty {
      throw .noMatch(model: "\(model)", patterns: patterns)
    }
  }
}
