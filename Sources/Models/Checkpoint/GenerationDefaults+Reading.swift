extension GenerationDefaults {
  /// Reads a generation_config.json; a folder need not have one, and then nothing is said.
  init(file: String, vocabularySize: Int) throws(CheckpointError) {
    self.init()
    guard fileExists(file) else { return }
    let root = try ConfigurationSection(file: file)
    doSample = try root.bool("do_sample")
    temperature = try root.number("temperature", in: 0...1_000)
    topP = try root.number("top_p", in: 0...1)
    // Some programs write -1 for none.
    topK = try root.integer("top_k", in: -1...1 << 24).flatMap { $0 < 0 ? nil : $0 }
    minP = try root.number("min_p", in: 0...1)
    repetitionPenalty = try root.number("repetition_penalty", in: 1e-3...1_000)
    endTokens = try root.tokens("eos_token_id", below: vocabularySize) ?? []
    padToken = root.padToken(below: vocabularySize)
    maxNewTokens = try root.integer("max_new_tokens", in: 1...1 << 30)
    maxLength = try root.integer("max_length", in: 1...1 << 30)
  }
}
