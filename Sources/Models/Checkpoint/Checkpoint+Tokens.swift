extension Checkpoint {
  /// Refuses a tokenizer whose audio token is not that of the configuration: no audio would reach the model.
  func checkAudioToken(of tokenizer: Tokenizer) throws(CheckpointError) {
    guard let token = configuration.audioToken else { return }
    let found = tokenizer.id(of: ChatTemplate.audioToken)
    guard found != token else { return }
    let names = ["tokenizer.json", "vocab.json"].map { "\(folder)/\($0)" }
    throw .audioToken(
      token, file: "\(folder)/config.json", tokenizerHas: found, tokenizer: names.first(where: fileExists) ?? folder)
  }

  /// The tokens that end a completion: those of generation_config.json, else of config.json, else those that end a turn
  /// or a text in every model of the family, for without any a model would write on to its limit.
  func endTokens(with tokenizer: Tokenizer) -> Set<Int> {
    for tokens in [generation.endTokens, configuration.endTokens] where !tokens.isEmpty { return Set(tokens) }
    return Set(["<|im_end|>", "<|endoftext|>"].compactMap(tokenizer.id(of:)))
  }
}
