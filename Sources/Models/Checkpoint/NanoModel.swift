import Audio
import Tensors

/// A random Qwen2-Audio of a few million parameters, in the files that transformers reads too.
///
/// For tests, and to train from scratch in minutes. The tokenizer is written by others; its size and the ids of its
/// special tokens are given here.
public struct NanoModel: Sendable {
  /// The ids of the tokens that the configuration names.
  public struct SpecialTokens: Sendable, Equatable {
    public var endOfText: Int
    public var turnEnd: Int
    public var audio: Int

    /// `<|endoftext|>`, `<|im_end|>` and `<|AUDIO|>`.
    public init(endOfText: Int, turnEnd: Int, audio: Int) {
      self.endOfText = endOfText
      self.turnEnd = turnEnd
      self.audio = audio
    }
  }

  public let configuration: ModelConfiguration

  /// About 4 million parameters with a vocabulary of 1,000.
  public init(vocabularySize: Int, tokens: SpecialTokens) {
    let decoder = DecoderConfiguration(
      vocabularySize: vocabularySize, hiddenSize: 192, intermediateSize: 640, layers: 5, heads: 6, keyValueHeads: 2,
      headDimension: 32, normEpsilon: 1e-6, ropeTheta: 1e4, maximumPositions: 4_096, tiedEmbeddings: false)
    let encoder = EncoderConfiguration(
      melBands: 128, width: 160, layers: 4, heads: 5, feedForwardWidth: 640, maximumPositions: 1_500, window: nil,
      outputWidth: decoder.hiddenSize)
    self.init(
      ModelConfiguration(
        architecture: .qwen2Audio, decoder: decoder, encoder: encoder, audioToken: tokens.audio, audioStartToken: nil,
        audioEndToken: nil, padToken: tokens.endOfText, endTokens: [tokens.turnEnd]))
  }

  /// A model of another size; `configuration` is one of Qwen2-Audio.
  public init(_ configuration: ModelConfiguration) {
    precondition(configuration.architecture == .qwen2Audio, "a nano model is a Qwen2-Audio")
    self.configuration = configuration
  }

  /// Writes the model into the new or empty folder `folder`, the same bytes for the same `seed`.
  public func write(to folder: String, seed: UInt64) throws(CheckpointError) {
    try CheckpointOutput.makeFolder(folder)
    try addFiles(to: folder, seed: seed)
  }

  /// Writes the model into a folder that may hold a tokenizer.
  public func addFiles(to folder: String, seed: UInt64) throws(CheckpointError) {
    let shapes = configuration.expectedTensors.sorted { $0.key < $1.key }
    let plans = shapes.map { name, shape in
      SafetensorsWriter.Plan(name: Self.hubName(name), type: .float32, shape: shape)
    }
    var writer = try SafetensorsWriter(path: "\(folder)/\(ModelFolder.singleFile)", tensors: plans)
    for (index, (name, shape)) in shapes.enumerated() {
      var random = SplitMix64(seed: seed, index: UInt64(index))
      try writer.write(Self.hubName(name), Self.initialValues(of: name, shape: shape, random: &random))
    }
    try writer.finish()
    try CheckpointOutput.write(Array(Self.preprocessor(configuration).utf8), to: "\(folder)/preprocessor_config.json")
    try CheckpointOutput.write(Array(generationText.utf8), to: "\(folder)/generation_config.json")
    try CheckpointOutput.write(Array(configurationText.utf8), to: "\(folder)/config.json")
  }

  private static func hubName(_ name: String) -> String { TensorName.hubName(name, architecture: .qwen2Audio) }

  /// As transformers 5.23 sets them: matrices and convolutions normal with a deviation of 0.02, biases 0, norms 1; the
  /// encoder's positions are Whisper's sines, which its training kept.
  private static func initialValues(of name: String, shape: [Int], random: inout SplitMix64) -> Tensor {
    if name == "audio_tower.embed_positions.weight" { return sinusoids(count: shape[0], width: shape[1]) }
    if name.hasSuffix(".bias") { return Tensor(shape: shape) }
    if shape.count == 1 { return Tensor([Float](repeating: 1, count: shape[0]), shape: shape) }
    return Tensor(shape: shape) { elements in
      for index in stride(from: 0, to: elements.count, by: 2) {
        let pair = random.normals()
        elements[index] = Float(0.02 * pair.0)
        if index + 1 < elements.count { elements[index + 1] = Float(0.02 * pair.1) }
      }
    }
  }
}
