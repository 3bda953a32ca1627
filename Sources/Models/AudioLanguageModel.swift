public import Tensors

/// A model of the Qwen2-Audio, Qwen2.5-Omni or Qwen2 family, ready to compute.
public struct AudioLanguageModel: Sendable {
  /// The layout of the model.
  public let configuration: ModelConfiguration
  /// How the model's makers would have it sample.
  public let defaults: GenerationDefaults
  /// A hash that names the model: its weights, settings and tokenizer; with an adapter, that one's too.
  public internal(set) var revision: String
  public let tokenizer: Tokenizer
  public let template: ChatTemplate
  /// The tokens that end a completion: those of the generation settings, else of the model's configuration, else the
  /// tokenizer's `<|im_end|>` and `<|endoftext|>`.
  public let endTokens: Set<Int>
  /// The audio tower; `nil` for a text model.
  public let encoder: AudioEncoder?
  public let decoder: Decoder

  /// Opens the folder of a model, with files as on the Hugging Face hub.
  ///
  /// `weights` is the format to hold the matrices in; `nil` leaves them as the files have them. Coarser weights are made
  /// while loading; none is made finer than its file but float32 from bfloat16.
  public init(folder: String, weights: WeightFormat? = nil) throws {
    let checkpoint = try Checkpoint(folder: folder)
    try self.init(checkpoint: checkpoint, weights: weights)
  }

  /// The same of an open checkpoint; weights in `held` take the place of those of the files.
  package init(checkpoint: Checkpoint, weights: WeightFormat?, held: HeldWeights = HeldWeights()) throws {
    configuration = checkpoint.configuration
    defaults = checkpoint.generation
    tokenizer = try Tokenizer(folder: checkpoint.folder)
    try checkpoint.checkAudioToken(of: tokenizer)
    endTokens = checkpoint.endTokens(with: tokenizer)
    revision = checkpoint.revision
    template = try ChatTemplate(architecture: configuration.architecture, folder: checkpoint.folder)
    let source = WeightSource(checkpoint: checkpoint, format: weights, held: held)
    encoder = try configuration.encoder.map { layout throws(CheckpointError) in
      try AudioEncoder(configuration: layout, weights: source)
    }
    decoder = try Decoder(configuration: configuration.decoder, weights: source)
  }

  /// The embeddings of a prompt `[tokens.count, hidden]`: those of its tokens, the rows of `audios` in place of the
  /// audio placeholders, in order.
  func embeddings(of tokens: [Int], audios: [Tensor]) throws(ModelError) -> Tensor {
    try check(tokens)
    var x = decoder.embeddings(of: tokens)
    guard let placeholder = configuration.audioToken, encoder != nil else { return x }
    let places = tokens.indices.filter { tokens[$0] == placeholder }
    let rowCount = audios.reduce(0) { $0 + $1.rows }
    guard places.count == rowCount else { throw .placeholders(count: places.count, rows: rowCount) }
    let width = x.columns
    var next = places[...]
    for audio in audios {
      audio.withUnsafeElements { source in
        x.withUnsafeMutableElements { elements in
          for row in 0..<audio.rows {
            guard let place = next.popFirst() else { return }
            _ = elements[(place * width)...].update(fromContentsOf: source[row * width..<(row + 1) * width])
          }
        }
      }
    }
    return x
  }

  /// Refuses tokens that have no embedding.
  func check(_ tokens: [Int]) throws(ModelError) {
    let vocabulary = decoder.configuration.vocabularySize
    if let stray = tokens.first(where: { !(0..<vocabulary).contains($0) }) {
      throw .unknownToken(stray, vocabulary: vocabulary)
    }
  }

  /// Refuses audio that the model cannot take in one piece.
  public func check(audio samples: [Float], named name: String) throws(ModelError) {
    guard let encoder else { throw .noAudioTower(name: name) }
    guard encoder.rowCount(samples: samples.count) > 0 else { throw .tooShort(name: name, samples: samples.count) }
    guard samples.count <= encoder.maximumSamples else {
      throw .tooLong(name: name, samples: samples.count, limit: encoder.maximumSamples)
    }
    guard samples.allSatisfy(\.isFinite) else { throw .notFinite(name: name) }
  }
}
