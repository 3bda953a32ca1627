/// How fast steps go by, over the last few of them.
public struct TrainingPace: Sendable {
  /// The number of steps that count; generation makes them uneven.
  private static let window = 20
  private var recent: [(seconds: Double, tokens: Int)] = []

  public init() {}

  /// Counts a step that took `seconds` for `tokens` tokens, prompts included.
  public mutating func add(seconds: Double, tokens: Int) {
    recent.append((seconds, tokens))
    if recent.count > Self.window { recent.removeFirst() }
  }

  /// `nil` before the first step.
  public var tokensPerSecond: Double? {
    seconds > 0 ? recent.reduce(0.0) { $0 + Double($1.tokens) } / seconds : nil
  }

  /// What `steps` more steps will take; `nil` before the first step.
  public func secondsLeft(steps: Int) -> Double? {
    recent.isEmpty ? nil : seconds / Double(recent.count) * Double(max(0, steps))
  }

  private var seconds: Double { recent.reduce(0) { $0 + $1.seconds } }
}
