/// What a training run tells while it goes on.
public enum TrainingEvent: Sendable {
  /// Something to know: rows that are left out, clips that are cut.
  case note(String)
  case began(phase: String, step: Int, steps: Int, parameters: Int)
  case progress(TrainingProgress)
  case sample(SampleGroup)
  /// The share of held-out questions that were answered right.
  case evaluated(phase: String, step: Int, accuracy: Double, count: Int, isBest: Bool)
  case saved(folder: String)
}

/// What came of a training run.
public struct TrainingResult: Sendable, Equatable {
  /// Optimizer steps of all phases.
  public var steps: Int
  /// The folder of the last checkpoint.
  public var checkpoint: String
  /// Of the last phase: the best share of held-out questions answered right, and the checkpoint that did.
  public var best: (accuracy: Double, checkpoint: String)?

  public static func == (a: TrainingResult, b: TrainingResult) -> Bool {
    a.steps == b.steps && a.checkpoint == b.checkpoint && a.best?.accuracy == b.best?.accuracy
      && a.best?.checkpoint == b.best?.checkpoint
  }
}
