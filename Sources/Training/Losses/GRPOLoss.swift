/// The objective of group relative policy optimisation (arXiv 2402.03300) and of its relatives, as a function of
/// log-probabilities.
public struct GRPOLoss: Sendable, Equatable {
  /// How a token's loss follows from its probability ratio and advantage, and how the losses are averaged.
  public enum Kind: String, CaseIterable, Sendable {
    /// Clipped ratios; the mean over each completion's tokens, then over completions.
    case grpo
    /// Clipped ratios; the mean over all tokens. Equals ``dapo`` here, since the mean is over the whole optimizer step.
    case bnpo
    /// Clipped ratios; the sum over tokens by completions times the longest possible length (arXiv 2503.20783).
    case drGRPO = "dr_grpo"
    /// Clipped ratios; the mean over all tokens (arXiv 2503.14476).
    case dapo
    /// The log-probability, weighted by the ratio up to a cap; the mean over all tokens (arXiv 2506.13585).
    case cispo
    /// A sigmoid of the ratio in place of the clip; averaged as ``grpo`` (arXiv 2511.20347).
    case sapo
    /// The log-probability, weighted by a gamma density of the completion's ratio; the mean over all tokens (arXiv
    /// 2602.10693).
    case vespo
    /// Clipped ratios of whole completions, times their lengths; the mean over completions (arXiv 2602.05261).
    case luspo
  }

  /// Whose probability ratio counts.
  public enum ImportanceSampling: String, CaseIterable, Sendable {
    case token
    /// The geometric mean over the completion's tokens: GSPO (arXiv 2507.18071).
    case sequence
  }

  /// The two parameters of ``Kind/vespo``'s weight `exp(λ + k·s − λ·exp(s))` of the log-ratio `s`.
  public struct GammaWeight: Sendable, Equatable {
    public var k: Double
    public var lambda: Double

    public init(k: Double, lambda: Double) {
      self.k = k
      self.lambda = lambda
    }
  }

  public var type: Kind
  public var importanceSampling: ImportanceSampling
  /// Ratios below one minus this are clipped.
  public var epsilonLow: Double
  /// Ratios above one plus this are clipped; of ``Kind/cispo``, ratios above this.
  public var epsilonHigh: Double
  /// A cap of the ratio of completions with a negative advantage too (arXiv 2505.07291).
  public var delta: Double?
  /// Weight of the divergence from the reference.
  public var beta: Double
  /// Tokens of the longest possible completion, for ``Kind/drGRPO``.
  public var maximumCompletionLength: Int
  /// Sharpness of ``Kind/sapo``'s sigmoid where the advantage is positive.
  public var sapoTemperaturePositive = 1.0
  public var sapoTemperatureNegative = 1.05
  /// ``Kind/vespo``'s weight where the advantage is not negative.
  public var vespoPositive = GammaWeight(k: 2, lambda: 3)
  public var vespoNegative = GammaWeight(k: 3, lambda: 2)

  /// The settings; what is `nil` is what `type` needs: ratios of sequences for luspo, of tokens for others, and a
  /// high epsilon of 5 for cispo, equal to the low one for others.
  public init(
    type: Kind = .dapo, importanceSampling: ImportanceSampling? = nil, epsilonLow: Double = 0.2,
    epsilonHigh: Double? = nil, delta: Double? = nil, beta: Double = 0, maximumCompletionLength: Int = 512
  ) {
    self.type = type
    self.importanceSampling = importanceSampling ?? (type == .luspo ? .sequence : .token)
    self.epsilonLow = epsilonLow
    self.epsilonHigh = epsilonHigh ?? (type == .cispo ? 5 : epsilonLow)
    self.delta = delta
    self.beta = beta
    self.maximumCompletionLength = maximumCompletionLength
  }
}

extension GRPOLoss {
  /// Whether the type clips ratios on both sides.
  var clipsRatios: Bool {
    switch type {
    case .grpo, .bnpo, .drGRPO, .dapo, .luspo: true
    case .cispo, .sapo, .vespo: false
    }
  }

  /// Refuses settings without a meaning.
  public func check() throws(LossError) {
    try LossError.require(epsilonLow >= 0, "epsilon_low", epsilonLow, "of 0 or more")
    try LossError.require(epsilonHigh >= 0, "epsilon_high", epsilonHigh, "of 0 or more")
    try LossError.require(beta >= 0, "beta", beta, "of 0 or more")
    try LossError.require(
      maximumCompletionLength > 0, "max_completion_length", Double(maximumCompletionLength), "above 0")
    for temperature in [sapoTemperaturePositive, sapoTemperatureNegative] {
      try LossError.require(temperature > 0, "sapo_temperature", temperature, "above 0")
    }
    for weight in [vespoPositive, vespoNegative] {
      try LossError.require(weight.k >= 0, "vespo_k", weight.k, "of 0 or more")
      try LossError.require(weight.lambda > 0, "vespo_lambda", weight.lambda, "above 0")
    }
    try checkDelta()
    try checkImportanceSampling()
  }

  private func checkDelta() throws(LossError) {
    guard let delta else { return }
    guard clipsRatios else {
      throw .excluded(setting: "delta", by: "loss type '\(type.rawValue)'", advice: "Leave it out.")
    }
    try LossError.require(delta > 1 + epsilonHigh, "delta", delta, "above 1 + epsilon_high")
  }

  private func checkImportanceSampling() throws(LossError) {
    let (needed, reason): (ImportanceSampling, String)
    switch type {
    case .luspo: (needed, reason) = (.sequence, "weighs whole completions")
    case .vespo: (needed, reason) = (.token, "takes whole completions' ratios by itself")
    default: return
    }
    guard importanceSampling != needed else { return }
    throw .excluded(
      setting: "importance_sampling_level", by: "loss type '\(type.rawValue)', which \(reason)",
      advice: "Set it to '\(needed.rawValue)'.")
  }
}
