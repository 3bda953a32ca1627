public import Tensors

/// Which of a model's weights are trained, and how the others are held.
public struct TrainedPart: Sendable, Equatable {
  /// The sizes of adapters.
  public struct LowRank: Sendable, Equatable {
    public var rank: Int
    /// The adapters' results are multiplied by alpha / rank, or by alpha / sqrt(rank).
    public var alpha: Double
    public var dropout: Double
    /// alpha / sqrt(rank) (Kalajdzievski 2023, arXiv:2312.03732).
    public var isRankStabilized: Bool
    /// The layers that get an adapter, as "decoder.layers.0.self_attn.q_proj". The head and the tables of embeddings get
    /// none, whatever the patterns say.
    public var targets: [NamePattern]

    public init(
      rank: Int = 16, alpha: Double = 32, dropout: Double = 0.05, isRankStabilized: Bool = false,
      targets: [NamePattern] = LowRank.decoderLayers
    ) {
      self.rank = rank
      self.alpha = alpha
      self.dropout = dropout
      self.isRankStabilized = isRankStabilized
      self.targets = targets
    }

    /// All products of the decoder's layers, none of the audio tower.
    public static let decoderLayers = [NamePattern("decoder.layers.*_proj")]

    var scale: Float {
      Float(isRankStabilized ? alpha / Double(rank).squareRoot() : alpha / Double(rank))
    }
  }

  /// `nil` trains the weights themselves.
  public var lowRank: LowRank?
  /// Weights that stay as they are, as "audio_tower.*"; with adapters, those that no pattern of `alsoTrained` names stay
  /// too.
  public var frozen: [NamePattern]
  /// Beside adapters: weights that are trained themselves, as "multi_modal_projector.*".
  public var alsoTrained: [NamePattern]
  /// The format that the matrices which are not trained are held in; `nil` leaves them as the files have them.
  public var frozenFormat: WeightFormat?

  public init(
    lowRank: LowRank? = nil, frozen: [NamePattern] = [], alsoTrained: [NamePattern] = [],
    frozenFormat: WeightFormat? = nil
  ) {
    self.lowRank = lowRank
    self.frozen = frozen
    self.alsoTrained = alsoTrained
    self.frozenFormat = frozenFormat
  }

  /// Whether the tensor `name` is trained itself.
  func trains(_ name: String) -> Bool {
    // Whisper's sines, which its own training kept.
    guard name != "audio_tower.embed_positions.weight", !frozen.match(name) else { return false }
    return lowRank == nil || alsoTrained.match(name)
  }

  /// Whether the layer `name` gets an adapter.
  func adapts(_ name: String) -> Bool { lowRank?.targets.match(name) == true && !frozen.match("\(name).weight") }

  /// Refuses patterns that fit nothing in a model with the tensors `names`, of which `layers` can have adapters: what was
  /// meant would be trained, or not, in silence.
  func check(names: [String], layers: [String]) throws(TrainingError) {
    for pattern in frozen where !names.contains(where: pattern.matches) && !Self.isMissingPart(pattern, of: names) {
      throw .noMatch(key: "frozen", pattern: pattern.text, nearest: pattern.nearest(in: names))
    }
    for pattern in alsoTrained where !names.contains(where: pattern.matches) {
      throw .noMatch(key: "also_trained", pattern: pattern.text, nearest: pattern.nearest(in: names))
    }
    for pattern in lowRank?.targets ?? [] where !layers.contains(where: pattern.matches) {
      let other = names.lazy.filter { $0.hasSuffix(".weight") }.map { String($0.dropLast(".weight".count)) }
        .first(where: pattern.matches)
      if let other { throw .notAdaptable(pattern: pattern.text, name: other) }
      throw .noMatch(key: "lora.targets", pattern: pattern.text, nearest: pattern.nearest(in: layers))
    }
  }

  /// Whether a pattern is of a part that other models have: a recipe for models that hear freezes the tower of one that
  /// does not.
  private static func isMissingPart(_ pattern: NamePattern, of names: [String]) -> Bool {
    ["audio_tower.", "multi_modal_projector."].contains { part in
      pattern.text.hasPrefix(part) && !names.contains { $0.hasPrefix(part) }
    }
  }

  /// The layer of the matrix `name`, where it is one that activations are multiplied with on their way to the head.
  static func adaptableLayer(ofMatrix name: String) -> String? {
    guard name.hasSuffix(".weight"), !name.contains(".embed_"), name != "decoder.lm_head.weight" else { return nil }
    return String(name.dropLast(".weight".count))
  }
}
