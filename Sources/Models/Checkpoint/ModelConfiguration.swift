/// The layout of a Qwen2 decoder.
public struct DecoderConfiguration: Sendable, Equatable {
  public var vocabularySize: Int
  public var hiddenSize: Int
  public var intermediateSize: Int
  public var layers: Int
  public var heads: Int
  public var keyValueHeads: Int
  public var headDimension: Int
  /// Added to the mean square in the RMS norms.
  public var normEpsilon: Float
  /// The base of the rotary wavelengths.
  public var ropeTheta: Double
  public var maximumPositions: Int
  /// Whether the logits come from the embeddings' matrix, there being none of their own.
  public var tiedEmbeddings: Bool

  public init(
    vocabularySize: Int, hiddenSize: Int, intermediateSize: Int, layers: Int, heads: Int, keyValueHeads: Int,
    headDimension: Int, normEpsilon: Float, ropeTheta: Double, maximumPositions: Int, tiedEmbeddings: Bool
  ) {
    self.vocabularySize = vocabularySize
    self.hiddenSize = hiddenSize
    self.intermediateSize = intermediateSize
    self.layers = layers
    self.heads = heads
    self.keyValueHeads = keyValueHeads
    self.headDimension = headDimension
    self.normEpsilon = normEpsilon
    self.ropeTheta = ropeTheta
    self.maximumPositions = maximumPositions
    self.tiedEmbeddings = tiedEmbeddings
  }
}

/// The layout of a Whisper encoder with the projection behind it.
public struct EncoderConfiguration: Sendable, Equatable {
  public var melBands: Int
  public var width: Int
  public var layers: Int
  public var heads: Int
  public var feedForwardWidth: Int
  /// Rows of the table of positions; two log-mel frames each.
  public var maximumPositions: Int
  /// Qwen2.5-Omni's `n_window`: half the log-mel frames that attend to each other. Nil where all do.
  public var window: Int?
  /// The decoder's width.
  public var outputWidth: Int

  public init(
    melBands: Int, width: Int, layers: Int, heads: Int, feedForwardWidth: Int, maximumPositions: Int, window: Int?,
    outputWidth: Int
  ) {
    self.melBands = melBands
    self.width = width
    self.layers = layers
    self.heads = heads
    self.feedForwardWidth = feedForwardWidth
    self.maximumPositions = maximumPositions
    self.window = window
    self.outputWidth = outputWidth
  }
}

/// What a model's config.json says, complete: what it leaves out has the value that transformers gives it.
public struct ModelConfiguration: Sendable, Equatable {
  public var architecture: ModelArchitecture
  public var decoder: DecoderConfiguration
  /// Nil for a model of text alone.
  public var encoder: EncoderConfiguration?
  /// The token that stands where audio goes, once per row of the encoder's output.
  public var audioToken: Int?
  public var audioStartToken: Int?
  public var audioEndToken: Int?
  public var padToken: Int?
  /// The tokens that end a text; generation_config.json may name others.
  public var endTokens: [Int]

  public init(
    architecture: ModelArchitecture, decoder: DecoderConfiguration, encoder: EncoderConfiguration?, audioToken: Int?,
    audioStartToken: Int?, audioEndToken: Int?, padToken: Int?, endTokens: [Int]
  ) {
    self.architecture = architecture
    self.decoder = decoder
    self.encoder = encoder
    self.audioToken = audioToken
    self.audioStartToken = audioStartToken
    self.audioEndToken = audioEndToken
    self.padToken = padToken
    self.endTokens = endTokens
  }
}

/// How a model's makers would have it sample, from generation_config.json; nil is what the file does not say.
public struct GenerationDefaults: Sendable, Equatable {
  public var doSample: Bool?
  public var temperature: Double?
  public var topP: Double?
  public var topK: Int?
  public var minP: Double?
  public var repetitionPenalty: Double?
  public var endTokens: [Int] = []
  public var padToken: Int?
  public var maxNewTokens: Int?
  /// A bound on prompt and answer together.
  public var maxLength: Int?

  public init() {}
}
