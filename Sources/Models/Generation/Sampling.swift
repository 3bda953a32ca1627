/// How the next token is chosen.
public struct Sampling: Sendable, Equatable {
  /// Divides the logits; 0 takes the most probable token always (greedy).
  public var temperature: Float
  /// Keeps this many of the most probable tokens; 0 keeps all.
  public var topK: Int
  /// Keeps the most probable tokens that together have this probability; 1 keeps all.
  public var topP: Float
  /// Drops tokens less probable than this share of the most probable one; 0 drops none.
  public var minP: Float
  /// Divides positive and multiplies negative logits of tokens that the prompt or the completion has; 1 changes none.
  public var repetitionPenalty: Float
  /// The seed of the choices; a sequence's choices depend on it and on the sequence's place alone.
  public var seed: UInt64

  public init(
    temperature: Float = 0, topK: Int = 0, topP: Float = 1, minP: Float = 0, repetitionPenalty: Float = 1,
    seed: UInt64 = 0
  ) {
    self.temperature = temperature
    self.topK = topK
    self.topP = topP
    self.minP = minP
    self.repetitionPenalty = repetitionPenalty
    self.seed = seed
  }

  /// Whether no token is left out.
  var keepsAll: Bool { topK == 0 && topP >= 1 && minP == 0 }

  /// The most probable token always.
  public static let greedy = Sampling()

  /// What a model's makers recommend, transformers' defaults where they are silent.
  public init(defaults: GenerationDefaults, seed: UInt64 = 0) {
    self.init(seed: seed)
    if let penalty = defaults.repetitionPenalty { repetitionPenalty = Float(penalty) }
    guard defaults.doSample == true else { return }
    temperature = Float(defaults.temperature ?? 1)
    topK = defaults.topK ?? 50
    topP = Float(defaults.topP ?? 1)
    minP = Float(defaults.minP ?? 0)
  }

  /// Refuses settings without a meaning.
  public func check() throws(ModelError) {
    func require(_ holds: Bool, _ name: String, _ value: Float, _ range: String) throws(ModelError) {
      guard holds else { throw .setting(name: name, value: "\(value)", range: range) }
    }
    try require(temperature >= 0 && temperature.isFinite, "temperature", temperature, "0 or more")
    try require(topK >= 0, "top-k", Float(topK), "0 or more")
    try require(topP > 0 && topP <= 1, "top-p", topP, "above 0 and at most 1")
    try require(minP >= 0 && minP <= 1, "min-p", minP, "between 0 and 1")
    try require(
      repetitionPenalty > 0 && repetitionPenalty.isFinite, "repetition penalty", repetitionPenalty, "above 0")
  }
}
