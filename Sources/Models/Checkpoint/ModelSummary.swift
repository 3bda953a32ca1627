import Tensors

/// What a model is and needs, without computing anything.
public struct ModelSummary: Sendable, Equatable {
  /// One part of the model and its parameters.
  public struct Part: Sendable, Equatable {
    public let name: String
    public let parameters: Int
  }

  /// The bytes of all weights of one number format, with their scales.
  public struct Share: Sendable, Equatable {
    /// "F32", "BF16", "F16", "int8" or "int4".
    public let format: String
    public let bytes: Int
  }

  public let configuration: ModelConfiguration
  /// Audio encoder, projection, embeddings, decoder and logits, those that there are.
  public let parts: [Part]
  /// The files of weights, on the disk.
  public let fileCount: Int
  public let byteCount: Int
  /// The weights that are used, by format, the largest first.
  public let shares: [Share]

  public init(_ checkpoint: Checkpoint) {
    configuration = checkpoint.configuration
    parts = Self.parts(of: checkpoint.configuration)
    fileCount = checkpoint.files.count
    byteCount = checkpoint.files.reduce(0) { $0 + $1.byteCount }
    var bytes: [String: Int] = [:]
    for entry in checkpoint.entries.values {
      let format = entry.scales?.format.rawValue ?? entry.values.stored.type.name
      bytes[format, default: 0] += entry.values.stored.range.count + (entry.scales?.part.stored.range.count ?? 0)
    }
    shares = bytes.map { Share(format: $0.key, bytes: $0.value) }.sorted {
      ($1.bytes, $0.format) < ($0.bytes, $1.format)
    }
  }

  public var parameters: Int { parts.reduce(0) { $0 + $1.parameters } }

  /// The weights in memory, mapped: what is used of the files, float16 twice as it becomes float32.
  public var weightBytes: Int { shares.reduce(0) { $0 + ($1.format == StoredType.float16.name ? 2 : 1) * $1.bytes } }

  /// The keys and values of one token in float32.
  public var cacheBytesPerToken: Int { configuration.decoder.cacheBytesPerToken }

  /// The bytes to compute on `tokens` tokens in all, of which the longest prompt has at most as many: weights, keys and
  /// values, and what one pass of encoder or decoder works on.
  public func memoryNeeded(tokens: Int) -> Int {
    weightBytes + tokens * cacheBytesPerToken + max(decoderWorkingBytes(tokens: tokens), encoderWorkingBytes)
  }

  /// Residual, normed input, queries, attention, and the two halves of the gated layer, a float32 each; one row of
  /// logits and their copy.
  private func decoderWorkingBytes(tokens: Int) -> Int {
    let decoder = configuration.decoder
    let attention = (decoder.heads * 2 + decoder.keyValueHeads * 2) * decoder.headDimension
    return 4
      * (tokens * (3 * decoder.hiddenSize + attention + 2 * decoder.intermediateSize) + 2 * decoder.vocabularySize)
  }

  /// The longest clip: log-mel, both convolutions, and residual, queries, keys, values and feed-forward of a layer.
  private var encoderWorkingBytes: Int {
    guard let encoder = configuration.encoder else { return 0 }
    let rows = encoder.maximumSamples / 320
    return 4 * rows * (2 * encoder.melBands + 2 * encoder.width + 6 * encoder.width + encoder.feedForwardWidth)
  }

  /// The parameters of each part, from the shapes alone.
  static func parts(of configuration: ModelConfiguration) -> [Part] {
    let names = [
      ("multi_modal_projector.", "projection"), ("audio_tower.proj.", "projection"), ("audio_tower.", "audio encoder"),
      ("decoder.embed_tokens.", "embeddings"), ("decoder.lm_head.", "logits"), ("decoder.", "decoder"),
    ]
    var counts: [String: Int] = [:]
    for (name, shape) in configuration.expectedTensors {
      guard let part = names.first(where: { name.hasPrefix($0.0) }) else { continue }
      counts[part.1, default: 0] += shape.reduce(1, *)
    }
    return ["audio encoder", "projection", "embeddings", "decoder", "logits"].compactMap { name in
      counts[name].map { Part(name: name, parameters: $0) }
    }
  }
}

extension DecoderConfiguration {
  /// The keys and values of one token in all layers, in float32.
  package var cacheBytesPerToken: Int { 2 * layers * keyValueHeads * headDimension * 4 }
}
