/// What a run shows of itself and keeps, counted in optimizer steps.
public struct WatchSettings: Sendable, Equatable {
  /// Metrics are means over this many steps.
  public var logEvery: Int
  /// Completions are shown with their rewards every so often; 0 never.
  public var sampleEvery: Int
  /// The dev part is answered every so often, and after the last step; 0 never.
  public var evaluateEvery: Int
  /// The most dev examples that are answered; nil for all.
  public var evaluationLimit: Int?
  /// The most test rows that the finished model answers; nil for all, 0 for none.
  public var testLimit: Int?
  /// A checkpoint is written every so often, and after the last step; 0 for the last alone.
  public var saveEvery: Int
  /// Checkpoints that are kept beside the one with the best dev score; older ones are removed.
  public var keep: Int
  /// Layers are computed again in the backward pass: less memory, a third more time.
  public var recomputesActivations: Bool
  public var stopRules: StopRules

  public init() {
    logEvery = 10
    sampleEvery = 100
    evaluateEvery = 100
    saveEvery = 100
    keep = 2
    recomputesActivations = false
    stopRules = StopRules()
  }
}
