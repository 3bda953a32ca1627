extension Tokenizer {
  /// The tokenizer of a model's folder: `tokenizer.json`, or else `vocab.json` with `merges.txt` and
  /// `added_tokens.json`; in both cases with the `added_tokens_decoder` of `tokenizer_config.json`.
  public init(folder: String) throws(TokenizerError) {
    let files = TokenizerFiles(folder: folder)
    let configurationPath = files.path("tokenizer_config.json")
    let configuration = try configurationPath.map(TokenizerFiles.object)
    var parts: TokenizerParts
    var named: NamedTokens?
    if let path = files.path("tokenizer.json") {
      parts = try TokenizerFile.read(try TokenizerFiles.bytes(of: path), path: path)
    } else if let vocabulary = files.path("vocab.json"), let merges = files.path("merges.txt") {
      parts = try VocabularyFiles.read(vocabulary: vocabulary, merges: merges)
      let tokens = try NamedTokens(configuration: configuration, path: configurationPath ?? folder)
      try VocabularyFiles.addTokens(in: files, named: tokens, to: &parts)
      named = tokens
    } else {
      throw .missing(folder: folder)
    }
    if let path = configurationPath, let tokens = configuration?["added_tokens_decoder"] {
      try parts.add(try AddedTokenFields.decoder(tokens, path: path), from: path)
    }
    if let named { parts.add(named) }
    self = try parts.tokenizer()
  }
}
