/// Watches a run's measurements and says when it has to stop.
///
/// A value that can be stored with a checkpoint, so that a resumed run stops where an undisturbed one does.
public struct Guard: Sendable, Equatable {
  /// How many bad steps there were in a row.
  public struct State: Sendable, Equatable, Codable {
    public fileprivate(set) var withoutSignal = 0
    public fileprivate(set) var flat = 0
    public fileprivate(set) var diverged = 0

    public init() {}
  }

  public let rules: StopRules
  public private(set) var state: State

  public init(rules: StopRules = StopRules(), state: State = State()) {
    self.rules = rules
    self.state = state
  }

  /// How many of the last steps were bad ones, in a row.
  public var badSteps: Int { max(state.withoutSignal, state.flat, state.diverged) }

  /// How many of the last steps may turn out to be bad ones: a checkpoint older than that is to be kept. The last one
  /// may always, as it takes the next to see that its weights compute nothing finite.
  public var doubtfulSteps: Int { max(badSteps, rules.stopsWhenNotFinite ? 1 : 0) }

  /// Takes in a step's measurements, to be called with every step. What was not measured breaks no rule and no row.
  public mutating func check(_ metrics: StepMetrics) -> StopReason? {
    notFinite(metrics) ?? tooFar(metrics) ?? flatReward(metrics) ?? noSignal(metrics)
  }

  private func notFinite(_ metrics: StepMetrics) -> StopReason? {
    guard rules.stopsWhenNotFinite else { return nil }
    for name in [MetricName.loss, .gradientNorm] {
      if let value = metrics[name], !value.isFinite {
        return StopReason(problem: .notFinite(name, value), step: metrics.step, since: metrics.step)
      }
    }
    return nil
  }

  private mutating func tooFar(_ metrics: StepMetrics) -> StopReason? {
    guard let value = metrics[.divergence] else { return nil }
    let step = metrics.step
    if let largest = rules.largestDivergence, !(value <= largest) {
      return StopReason(problem: .divergence(value, limit: largest), step: step, since: step - state.diverged)
    }
    guard let limit = rules.divergence else { return nil }
    state.diverged = value <= limit ? 0 : increased(state.diverged)
    guard state.diverged >= max(1, rules.divergencePatience) else { return nil }
    return StopReason(problem: .divergence(value, limit: limit), step: step, since: step - state.diverged + 1)
  }

  private mutating func flatReward(_ metrics: StepMetrics) -> StopReason? {
    guard let patience = rules.flatRewardPatience, let deviation = metrics[.rewardDeviation], !deviation.isNaN else {
      return nil
    }
    state.flat = deviation > 0 ? 0 : increased(state.flat)
    guard state.flat >= max(1, patience) else { return nil }
    return StopReason(
      problem: .flatReward(metrics[.reward]), step: metrics.step, since: metrics.step - state.flat + 1)
  }

  private mutating func noSignal(_ metrics: StepMetrics) -> StopReason? {
    guard let limit = rules.shareWithoutSignal, let share = metrics[.shareWithoutSignal], !share.isNaN else {
      return nil
    }
    state.withoutSignal = share < limit ? 0 : increased(state.withoutSignal)
    guard state.withoutSignal >= max(1, rules.signalPatience) else { return nil }
    return StopReason(
      problem: .noSignal(share: share), step: metrics.step, since: metrics.step - state.withoutSignal + 1)
  }

  // A state that was read from a file may hold any number.
  private func increased(_ count: Int) -> Int { min(max(count, 0), 1 << 40) + 1 }
}
