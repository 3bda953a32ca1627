extension ModelConfiguration {
  /// Reads a config.json, v4 or v5 of transformers, and fills in what it leaves out.
  ///
  /// The defaults are those of the classes of transformers 5.23 (`Qwen2Config`, `Qwen2AudioConfig`,
  /// `Qwen2_5OmniThinkerConfig`); Tests/Fixtures/configurations holds what those make of sparse files.
  init(file: String) throws(CheckpointError) {
    let root = try ConfigurationSection(file: file)
    guard let type = try root.string("model_type") else { throw root.error("model_type", .missing) }
    try Self.refuseForeignQuantization(root)
    switch type {
    case "qwen2": self = try .qwen2(root)
    case "qwen2_audio": self = try .qwen2Audio(root)
    case "qwen2_5_omni": self = try .qwen25Omni(root.sectionOrEmpty("thinker_config"))
    case "qwen2_5_omni_thinker": self = try .qwen25Omni(root)
    default:
      let supported = "qwen2, qwen2_audio, qwen2_5_omni, qwen2_5_omni_thinker"
      throw root.error("model_type", .unsupported(value: type, supported: supported))
    }
  }

  /// The most that a configuration may ask for: far above any model, far below what arithmetic on sizes can hold.
  enum Limit {
    static let width = 1...1 << 20
    static let vocabulary = 1...1 << 24
    static let layers = 1...1_024
    static let positions = 1...1 << 20
    static let headDimension = 1...1_024
  }

  private static func qwen2(_ root: ConfigurationSection) throws(CheckpointError) -> ModelConfiguration {
    let decoder = try DecoderConfiguration(root, defaults: .qwen2)
    return ModelConfiguration(
      architecture: .qwen2, decoder: decoder, encoder: nil, audioToken: nil, audioStartToken: nil, audioEndToken: nil,
      padToken: root.padToken(below: decoder.vocabularySize),
      endTokens: try root.tokens("eos_token_id", below: decoder.vocabularySize) ?? [])
  }

  private static func qwen2Audio(_ root: ConfigurationSection) throws(CheckpointError) -> ModelConfiguration {
    let text = try root.sectionOrEmpty("text_config")
    try text.require("model_type", oneOf: ["qwen2"])
    let audio = try root.sectionOrEmpty("audio_config")
    try audio.require("model_type", oneOf: ["qwen2_audio_encoder"])
    var decoder = try DecoderConfiguration(text, defaults: .qwen2)
    if let tied = try root.bool("tie_word_embeddings") { decoder.tiedEmbeddings = tied }
    let encoder = try EncoderConfiguration(audio, outputWidth: decoder.hiddenSize)
    return try ModelConfiguration(root, text: text, architecture: .qwen2Audio, decoder: decoder, encoder: encoder)
  }

  private static func qwen25Omni(_ thinker: ConfigurationSection) throws(CheckpointError) -> ModelConfiguration {
    let text = try thinker.sectionOrEmpty("text_config")
    let audio = try thinker.sectionOrEmpty("audio_config")
    var decoder = try DecoderConfiguration(text, defaults: .qwen25Omni)
    // The inner configuration says true whatever the model (transformers 5.23).
    decoder.tiedEmbeddings = try thinker.bool("tie_word_embeddings") ?? false
    var encoder = try EncoderConfiguration(audio, outputWidth: decoder.hiddenSize)
    let window = try audio.integer("n_window", in: Limit.positions) ?? 100
    guard window <= encoder.maximumPositions else {
      throw audio.error("n_window", .outOfRange(value: "\(window)", range: "at most max_source_positions"))
    }
    encoder.window = window
    let outputWidth = try audio.integer("output_dim", in: Limit.width) ?? 3_584
    guard outputWidth == decoder.hiddenSize else {
      let needed = "text_config.hidden_size, \(decoder.hiddenSize)"
      throw audio.error("output_dim", .outOfRange(value: "\(outputWidth)", range: needed))
    }
    var model = try ModelConfiguration(
      thinker, text: text, architecture: .qwen25Omni, decoder: decoder, encoder: encoder)
    let limit = 0...decoder.vocabularySize - 1
    model.audioStartToken = try thinker.integer("audio_start_token_id", in: limit) ?? model.audioStartToken
    model.audioEndToken = try thinker.integer("audio_end_token_id", in: limit) ?? model.audioEndToken
    return model
  }

  private init(
    _ root: ConfigurationSection, text: ConfigurationSection, architecture: ModelArchitecture,
    decoder: DecoderConfiguration, encoder: EncoderConfiguration
  ) throws(CheckpointError) {
    let vocabulary = decoder.vocabularySize
    let tokens = 0...vocabulary - 1
    var audioToken = try root.integer("audio_token_index", in: tokens)
    if audioToken == nil { audioToken = try root.integer("audio_token_id", in: tokens) }
    guard audioToken != nil || vocabulary > 151_646 else { throw root.error("audio_token_index", .missing) }
    let padToken = root.padToken(below: vocabulary) ?? text.padToken(below: vocabulary)
    var endTokens = try root.tokens("eos_token_id", below: vocabulary)
    if endTokens == nil { endTokens = try text.tokens("eos_token_id", below: vocabulary) }
    // Only Qwen2.5-Omni's configuration names these two, which the default stands for in a sparse file.
    let hasBrackets = architecture == .qwen25Omni && vocabulary > 151_648
    self.init(
      architecture: architecture, decoder: decoder, encoder: encoder, audioToken: audioToken ?? 151_646,
      audioStartToken: hasBrackets ? 151_647 : nil, audioEndToken: hasBrackets ? 151_648 : nil,
      padToken: padToken, endTokens: endTokens ?? [])
  }

  /// Refuses weights that another program packed, which no header shows clearly.
  private static func refuseForeignQuantization(_ root: ConfigurationSection) throws(CheckpointError) {
    guard let section = try root.section("quantization_config") else { return }
    let method = try section.string("quant_method") ?? "unknown"
    guard method == CheckpointQuantization.methodName else {
      let supported = "\(CheckpointQuantization.methodName), made by 'earshot models quantize' from the original model"
      throw section.error("quant_method", .unsupported(value: method, supported: supported))
    }
    let layout = try section.integer("layout", in: 0...Int.max) ?? 0
    guard layout == CheckpointQuantization.layout else {
      let supported = "\(CheckpointQuantization.layout)"
      throw section.error("layout", .unsupported(value: "\(layout)", supported: supported))
    }
  }
}
