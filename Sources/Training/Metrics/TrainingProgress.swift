/// How far a training run is, and how it fares.
public struct TrainingProgress: Sendable, Equatable {
  /// "sft", "dpo" or "grpo", or what is done before the first step.
  public var phase: String
  public var step: Int
  /// 0 where nobody knows.
  public var total: Int
  public var metrics: StepMetrics
  public var tokensPerSecond: Double?
  public var secondsLeft: Double?

  public init(
    phase: String, step: Int, total: Int, metrics: StepMetrics, tokensPerSecond: Double? = nil,
    secondsLeft: Double? = nil
  ) {
    self.phase = phase
    self.step = step
    self.total = total
    self.metrics = metrics
    self.tokensPerSecond = tokensPerSecond
    self.secondsLeft = secondsLeft
  }

  /// One line of at most `width` columns. What does not fit is left out, the least important first.
  public func text(width: Int) -> String {
    var parts = allParts.filter { !$0.text.isEmpty }
    while parts.count > 1, Self.columns(parts) > width, let least = parts.map(\.rank).max() {
      parts.removeAll { $0.rank == least }
    }
    return PlainText.cut(parts.map(\.text).joined(separator: "  "), width: max(width, 1))
  }

  /// In the order they are shown; those of the highest rank go first.
  private var allParts: [(rank: Int, text: String)] {
    [
      (1, place),
      (4, part(.loss) { "loss \(ProgressText.short($0))" }),
      (3, part(.reward) { "reward \(ProgressText.fixed($0, 2))\(spread)" }),
      (3, part(.rewardAccuracy) { "chosen \(ProgressText.percent($0))" }),
      (5, part(.tokenAccuracy) { "right \(ProgressText.percent($0))" }),
      (5, part(.shareWithoutSignal) { "no signal \(ProgressText.percent($0))" }),
      (6, part(.divergence) { "KL \(ProgressText.short($0))" }),
      (8, part(.meanLength) { "length \(ProgressText.fixed($0, 0))" }),
      (9, clipping),
      (7, tokensPerSecond.map { "\(Self.speed($0)) tok/s" } ?? ""),
      (2, secondsLeft.map { "\(ProgressText.duration($0)) left" } ?? ""),
    ]
  }

  private var place: String {
    let count = ProgressText.count(step)
    return total > 0 ? "\(phase) \(count)/\(ProgressText.count(total))" : "\(phase) \(count)"
  }

  private var spread: String { part(.rewardDeviation) { " ± \(ProgressText.fixed($0, 2))" } }

  /// The shares of tokens whose ratio was clipped from below and from above.
  private var clipping: String {
    guard let low = metrics[.clippedLowMean], let high = metrics[.clippedHighMean], !low.isNaN, !high.isNaN else {
      return ""
    }
    return "clip \(ProgressText.fixed(low * 100, 1))/\(ProgressText.fixed(high * 100, 1))%"
  }

  private func part(_ name: MetricName, _ text: (Double) -> String) -> String { metrics[name].map(text) ?? "" }

  private static func speed(_ value: Double) -> String {
    value.isFinite && value.magnitude < 1e15 ? ProgressText.count(Int(value.rounded())) : "\(value)"
  }

  private static func columns(_ parts: [(rank: Int, text: String)]) -> Int {
    parts.reduce(2 * (parts.count - 1)) { $0 + PlainText.columns($1.text) }
  }
}
