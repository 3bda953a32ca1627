/// What a training run tells while it goes on.
public enum TrainingEvent: Sendable {
  /// Something to know: rows that are left out, clips that are cut.
  case note(String)
  case began(phase: String, step: Int, steps: Int, parameters: Int)
  case progress(TrainingProgress)
  case sample(SampleGroup)
  /// So many of a part's questions are answered; `part` as in "dev".
  case answering(phase: String, part: String, done: Int, total: Int)
  /// The share of held-out questions that were answered right.
  case evaluated(phase: String, step: Int, accuracy: Double, count: Int, isBest: Bool)
  case saved(folder: String)
  /// How the finished model answers the test set, with its sounds and with silence in their place.
  case tested(accuracy: Double, silentAccuracy: Double, count: Int)
}

/// What came of a training run.
public struct TrainingResult: Sendable, Equatable {
  /// Optimizer steps of all phases.
  public var steps: Int
  /// The folder of the last checkpoint.
  public var checkpoint: String
  /// Of the last phase: the best share of held-out questions answered right, and the checkpoint that did.
  public var best: Best?
  /// How that checkpoint, or the last one, answers the last phase's test set.
  public var test: TestScore?

  public struct Best: Sendable, Equatable {
    public var accuracy: Double
    public var checkpoint: String
  }
}
