/// When a training run is past saving and had better stop. A rule that is `nil` or false is off.
public struct StopRules: Sendable, Equatable {
  /// Stop as soon as the loss or the norm of the gradient is not finite.
  public var stopsWhenNotFinite = true
  /// The share of groups without signal that a step may not reach ``signalPatience`` times in a row.
  public var shareWithoutSignal: Double? = 0.95
  /// Steps in a row; long, as an easy stretch of the data or a policy that is always right looks the same.
  public var signalPatience = 50
  /// Steps in a row in which all completions of all groups may get one and the same reward.
  public var flatRewardPatience: Int? = 50
  /// Nats a token that the divergence from the reference model may not exceed ``divergencePatience`` times in a row.
  public var divergence: Double? = 10
  public var divergencePatience = 20
  /// Nats a token that it may not exceed once.
  public var largestDivergence: Double? = 1_000

  public init() {}

  /// No rule at all.
  public static var off: StopRules {
    var rules = StopRules()
    rules.stopsWhenNotFinite = false
    rules.shareWithoutSignal = nil
    rules.flatRewardPatience = nil
    rules.divergence = nil
    rules.largestDivergence = nil
    return rules
  }
}

/// Why a run was stopped.
public struct StopReason: Error, Sendable, Equatable, CustomStringConvertible {
  public enum Problem: Sendable, Equatable {
    case notFinite(MetricName, Double)
    case noSignal(share: Double)
    case flatReward(Double?)
    case divergence(Double, limit: Double)
  }

  public var problem: Problem
  /// The step it was stopped at.
  public var step: Int
  /// The first step that was bad; a checkpoint from before is a good one.
  public var since: Int

  public var description: String { "step \(step) – \(what). \(cure)" }

  private var what: String {
    let steps = since == step ? "" : " for \(step - since + 1) steps"
    switch problem {
    case .notFinite(let name, let value) where Self.isState(name):
      return "the \(name.rawValue) are \(value.isNaN ? "nan" : "\(value)")"
    case .notFinite(let name, let value):
      return "\(name == .gradientNorm ? "the gradient" : "the \(name.rawValue)") is \(value.isNaN ? "nan" : "\(value)")"
    case .noSignal(let share):
      return "\(ProgressText.percent(share)) of the groups had completions of equal reward\(steps)"
    case .flatReward(let reward):
      let value = reward.map { " (\(ProgressText.fixed($0, 2)))" } ?? ""
      return "all completions had the same reward\(value)\(steps)"
    case .divergence(let value, let limit):
      return "the KL from the reference is \(ProgressText.short(value)), above \(ProgressText.short(limit))\(steps)"
    }
  }

  private var cure: String {
    switch problem {
    case .notFinite: "Lower the learning rate or the largest gradient norm."
    case .noSignal, .flatReward:
      "Take harder or easier questions, a higher temperature, more completions a group, or look whether the rewards "
        + "fit what the model writes."
    case .divergence: "Lower the learning rate or raise beta."
    }
  }

  /// The last step whose weights are not in doubt. A loss is that of the weights before its step.
  var lastGoodStep: Int {
    if case .notFinite(let name, _) = problem, !Self.isState(name) { return max(0, since - 2) }
    return max(0, since - 1)
  }

  /// Whether something was found behind a step, and not in it.
  private static func isState(_ name: MetricName) -> Bool { name == .logits || name == .weights }

  /// The model that `step` steps left computes nothing finite.
  static func broken(_ name: MetricName, behind step: Int) -> StopReason {
    StopReason(problem: .notFinite(name, .nan), step: step, since: step)
  }
}
