/// `tokenizer.json`, as `tokenizers` writes it.
enum TokenizerFile {
  /// The splitting rule of Qwen2 and all that came after it; ``WordScanner`` follows it.
  static let splittingRule =
    #"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"#

  static func read(_ bytes: [UInt8], path: String) throws(TokenizerError) -> TokenizerParts {
    var parts = TokenizerParts(path: path, composes: false)
    var keys: Set<String> = []
    var scanner = TokenizerScanner(bytes, path: path)
    try scanner.eachMember(of: "tokenizer.json") { scanner, key throws(TokenizerError) in
      keys.insert(key)
      switch key {
      case "model": try readModel(&scanner, into: &parts)
      case "added_tokens": parts.added = try AddedTokenFields.list(try scanner.value(), key: key, path: path)
      case "normalizer": parts.composes = try composes(try scanner.value(), path: path)
      case "pre_tokenizer": try checkSplitting(try scanner.value(), path: path)
      case "post_processor": try checkAddsNothing(try scanner.value(), path: path)
      case "decoder": try check(try scanner.value()["type"], key: "decoder", is: "ByteLevel", path: path)
      default: try scanner.skip()
      }
    }
    try scanner.end()
    for key in ["model", "pre_tokenizer", "decoder"] where !keys.contains(key) {
      throw .missingKey(path: path, key: key)
    }
    return parts
  }

  private static func readModel(
    _ scanner: inout TokenizerScanner, into parts: inout TokenizerParts
  ) throws(TokenizerError) {
    let path = scanner.path
    var (hasVocabulary, hasMerges) = (false, false)
    var (vocabulary, merges) = (parts.vocabulary, parts.merges)
    try scanner.eachMember(of: "model") { scanner, key throws(TokenizerError) in
      switch key {
      case "vocab":
        hasVocabulary = true
        vocabulary = try scanner.vocabulary(key: "model.vocab")
      case "merges":
        hasMerges = true
        merges = try scanner.merges(key: "model.merges")
      case "type": try check(try scanner.value(), key: "model.type", is: "BPE", path: path)
      case "dropout", "unk_token", "continuing_subword_prefix", "end_of_word_suffix", "byte_fallback", "ignore_merges":
        try checkUnused(try scanner.value(), key: "model.\(key)", path: path)
      default: try scanner.skip()
      }
    }
    guard hasVocabulary else { throw .missingKey(path: path, key: "model.vocab") }
    guard hasMerges else { throw .missingKey(path: path, key: "model.merges") }
    (parts.vocabulary, parts.merges) = (vocabulary, merges)
  }

  private static func composes(_ value: TokenizerJSON, path: String) throws(TokenizerError) -> Bool {
    if value == .null { return false }
    if case .array(let list)? = value["normalizers"], list.count == 1, let first = list.first {
      return try composes(first, path: path)
    }
    try check(value["type"], key: "normalizer", is: "NFC", path: path)
    return true
  }

  private static func checkSplitting(_ value: TokenizerJSON, path: String) throws(TokenizerError) {
    guard case .array(let steps)? = value["pretokenizers"], steps.count == 2 else {
      throw .unsupported(
        path: path, key: "pre_tokenizer", value: spelling(value["type"]), supported: "Split before ByteLevel")
    }
    try check(steps[0]["type"], key: "pre_tokenizer", is: "Split", path: path)
    try check(
      steps[0]["pattern"]?["Regex"], key: "pre_tokenizer.pattern", is: splittingRule, called: "Qwen2's rule",
      path: path)
    try check(steps[0]["behavior"], key: "pre_tokenizer.behavior", is: "Isolated", path: path)
    try checkUnused(steps[0]["invert"] ?? .null, key: "pre_tokenizer.invert", path: path)
    try check(steps[1]["type"], key: "pre_tokenizer", is: "ByteLevel", path: path)
    for key in ["add_prefix_space", "use_regex"] where steps[1][key] != .bool(false) {
      throw .unsupported(path: path, key: "pre_tokenizer.\(key)", value: spelling(steps[1][key]), supported: "false")
    }
  }

  /// A post-processor may move offsets, but not put tokens around the text.
  private static func checkAddsNothing(_ value: TokenizerJSON, path: String) throws(TokenizerError) {
    if value == .null || value["type"] == .string("ByteLevel") { return }
    if case .object(let tokens)? = value["special_tokens"], tokens.isEmpty { return }
    throw .unsupported(
      path: path, key: "post_processor", value: spelling(value["type"]), supported: "one that adds no tokens")
  }

  private static func check(
    _ value: TokenizerJSON?, key: String, is wanted: String, called name: String? = nil, path: String
  ) throws(TokenizerError) {
    guard case .string(let text)? = value, text.utf8.elementsEqual(wanted.utf8) else {
      throw .unsupported(path: path, key: key, value: spelling(value), supported: name ?? wanted)
    }
  }

  private static func checkUnused(_ value: TokenizerJSON, key: String, path: String) throws(TokenizerError) {
    switch value {
    case .null, .bool(false), .string(""): return
    case .number(let spelling) where Double(spelling) == 0: return
    default: throw .unsupported(path: path, key: key, value: spelling(value), supported: "a file without it")
    }
  }

  private static func spelling(_ value: TokenizerJSON?) -> String {
    switch value {
    case .string(let text)?: text
    case .number(let text)?: text
    case .bool(let value)?: value ? "true" : "false"
    case .null?, nil: "nothing"
    case .array?: "a list"
    case .object?: "an object"
    }
  }
}
