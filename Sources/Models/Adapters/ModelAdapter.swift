public import Tensors

/// What training added to a model: low-rank additions to layers (LoRA, Hu et al. 2021, arXiv:2106.09685), and tensors
/// that were trained themselves.
public struct ModelAdapter: Sendable {
  /// The settings that PEFT keeps with an adapter.
  public struct Settings: Sendable, Equatable {
    public var rank: Int
    public var alpha: Double
    /// The share of a layer's inputs that was left out at random in training; of no effect afterwards.
    public var dropout: Double
    /// Whether additions are scaled by alpha / sqrt(rank) (Kalajdzievski 2023, arXiv:2312.03732), not by alpha / rank.
    public var isRankStabilized: Bool

    public init(rank: Int, alpha: Double, dropout: Double = 0, isRankStabilized: Bool = false) {
      self.rank = rank
      self.alpha = alpha
      self.dropout = dropout
      self.isRankStabilized = isRankStabilized
    }
  }

  /// The addition to one layer.
  public struct Layer: Sendable {
    /// As in "decoder.layers.0.self_attn.q_proj".
    public let name: String
    /// `[rank, inputs]`
    public let a: Tensor
    /// `[outputs, rank]`
    public let b: Tensor
    /// Instead of the settings' alpha.
    public let alpha: Double?

    public init(name: String, a: Tensor, b: Tensor, alpha: Double? = nil) {
      precondition(
        a.shape.count == 2 && b.shape.count == 2 && a.shape[0] == b.shape[1] && a.shape[0] > 0,
        "matrices of \(a.shape) and \(b.shape) have no rank in common")
      (self.name, self.a, self.b, self.alpha) = (name, a, b, alpha)
    }

    public var rank: Int { a.shape[0] }
  }

  public let settings: Settings
  /// In alphabetical order of their names; at least one.
  public let layers: [Layer]
  /// Tensors that take the place of the base model's, by the engine's names ("multi_modal_projector.linear.weight").
  public let trained: [String: Tensor]
  /// The model that the adapter was made for, as it was named then.
  public let baseName: String?

  public init(settings: Settings, layers: [Layer], trained: [String: Tensor] = [:], baseName: String? = nil) {
    precondition(!layers.isEmpty, "an adapter has layers")
    precondition(Set(layers.map(\.name)).count == layers.count, "a layer has one addition")
    self.settings = settings
    self.layers = layers.sorted { $0.name < $1.name }
    self.trained = trained
    self.baseName = baseName
  }

  /// What the product of the factors of `layer` is multiplied by.
  public func scale(of layer: Layer) -> Float {
    let alpha = layer.alpha ?? settings.alpha
    let rank = Double(layer.rank)
    return Float(alpha / (settings.isRankStabilized ? rank.squareRoot() : rank))
  }
}

/// Whose names of modules an adapter's file has.
public enum AdapterLayout: String, Sendable, CaseIterable {
  /// transformers 5: "model.language_model.layers.0".
  case version5 = "v5"
  /// transformers 4: "language_model.model.layers.0".
  case version4 = "v4"
}

/// The files of an adapter's folder.
enum AdapterFile {
  static let settings = "adapter_config.json"
  static let weights = "adapter_model.safetensors"
}
