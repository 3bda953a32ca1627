/// What transformers' classes fill in for a decoder.
struct DecoderDefaults {
  let vocabularySize: Int
  let hiddenSize: Int
  let intermediateSize: Int
  let layers: Int
  let heads: Int
  let keyValueHeads: Int
  let ropeTheta: Double

  static let qwen2 = DecoderDefaults(
    vocabularySize: 151_936, hiddenSize: 4_096, intermediateSize: 22_016, layers: 32, heads: 32, keyValueHeads: 32,
    ropeTheta: 1e4)
  static let qwen25Omni = DecoderDefaults(
    vocabularySize: 152_064, hiddenSize: 3_584, intermediateSize: 18_944, layers: 28, heads: 28, keyValueHeads: 4,
    ropeTheta: 1e6)
}

extension DecoderConfiguration {
  init(_ text: ConfigurationSection, defaults: DecoderDefaults) throws(CheckpointError) {
    typealias Limit = ModelConfiguration.Limit
    try text.require("hidden_act", oneOf: ["silu"])
    try Self.refuseWindows(text)
    let hiddenSize = try text.integer("hidden_size", in: Limit.width) ?? defaults.hiddenSize
    let heads = try text.integer("num_attention_heads", in: Limit.width) ?? defaults.heads
    // A null means as many as heads; an absent one has the default.
    let written = text.value["num_key_value_heads"]
    let keyValueHeads =
      try text.integer("num_key_value_heads", in: Limit.width) ?? (written == .null ? heads : defaults.keyValueHeads)
    guard heads % keyValueHeads == 0 else {
      throw text.error(
        "num_attention_heads", .notDivisible(value: heads, by: "num_key_value_heads", divisor: keyValueHeads))
    }
    let headDimension = try Self.headDimension(text, hiddenSize: hiddenSize, heads: heads)
    self.init(
      vocabularySize: try text.integer("vocab_size", in: Limit.vocabulary) ?? defaults.vocabularySize,
      hiddenSize: hiddenSize,
      intermediateSize: try text.integer("intermediate_size", in: Limit.width) ?? defaults.intermediateSize,
      layers: try text.integer("num_hidden_layers", in: Limit.layers) ?? defaults.layers,
      heads: heads, keyValueHeads: keyValueHeads, headDimension: headDimension,
      normEpsilon: Float(try text.number("rms_norm_eps", in: 0...1) ?? 1e-6),
      ropeTheta: try Self.ropeTheta(text) ?? defaults.ropeTheta,
      maximumPositions: try text.integer("max_position_embeddings", in: Limit.positions) ?? 32_768,
      tiedEmbeddings: try text.bool("tie_word_embeddings") ?? false)
  }

  private static func headDimension(
    _ text: ConfigurationSection, hiddenSize: Int, heads: Int
  ) throws(CheckpointError) -> Int {
    let given = try text.integer("head_dim", in: ModelConfiguration.Limit.headDimension)
    guard given != nil || hiddenSize % heads == 0 else {
      throw text.error("hidden_size", .notDivisible(value: hiddenSize, by: "num_attention_heads", divisor: heads))
    }
    let dimension = given ?? hiddenSize / heads
    guard dimension % 2 == 0 else {
      throw text.error("head_dim", .outOfRange(value: "\(dimension)", range: "even, for rotary positions"))
    }
    guard dimension <= ModelConfiguration.Limit.width.upperBound / heads else {
      throw text.error("head_dim", .outOfRange(value: "\(dimension)", range: "at most 1048576 for all heads together"))
    }
    return dimension
  }

  /// The base of the rotary positions, in the spelling of transformers 5 or 4.
  private static func ropeTheta(_ text: ConfigurationSection) throws(CheckpointError) -> Double? {
    // Multimodal positions ("mrope") are ordinary ones where there is only text and audio.
    for key in ["rope_parameters", "rope_scaling"] {
      guard let section = try text.section(key) else { continue }
      for name in ["rope_type", "type"] { try section.require(name, oneOf: ["default", "mrope"]) }
    }
    let range = 1.0...1e15
    if let theta = try text.section("rope_parameters")?.number("rope_theta", in: range) { return theta }
    return try text.number("rope_theta", in: range)
  }

  private static func refuseWindows(_ text: ConfigurationSection) throws(CheckpointError) {
    let supported = "full attention"
    if try text.bool("use_sliding_window") == true {
      throw text.error("use_sliding_window", .unsupported(value: "true", supported: supported))
    }
    guard case .array(let types)? = text["layer_types"] else { return }
    if let other = types.first(where: { $0 != .string("full_attention") }) {
      throw text.error("layer_types", .unsupported(value: other.text(), supported: supported))
    }
  }
}

extension EncoderConfiguration {
  /// The tower of all families; `window` is left nil.
  init(_ audio: ConfigurationSection, outputWidth: Int) throws(CheckpointError) {
    typealias Limit = ModelConfiguration.Limit
    try audio.require("activation_function", oneOf: ["gelu"])
    let melBands = try audio.integer("num_mel_bins", in: Limit.width) ?? 128
    guard [80, 128].contains(melBands) else {
      throw audio.error("num_mel_bins", .unsupported(value: "\(melBands)", supported: "80, 128"))
    }
    let width = try audio.integer("d_model", in: Limit.width) ?? 1_280
    let heads = try audio.integer("encoder_attention_heads", in: Limit.width) ?? 20
    guard width % heads == 0 else {
      throw audio.error("d_model", .notDivisible(value: width, by: "encoder_attention_heads", divisor: heads))
    }
    guard width % 2 == 0 else {
      throw audio.error("d_model", .outOfRange(value: "\(width)", range: "even, for sines and cosines"))
    }
    self.init(
      melBands: melBands, width: width, layers: try audio.integer("encoder_layers", in: Limit.layers) ?? 32,
      heads: heads, feedForwardWidth: try audio.integer("encoder_ffn_dim", in: Limit.width) ?? 5_120,
      maximumPositions: try audio.integer("max_source_positions", in: 1...1 << 20) ?? 1_500, window: nil,
      outputWidth: outputWidth)
  }
}
