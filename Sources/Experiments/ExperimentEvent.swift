public import Judging
public import Training

/// What an experiment tells while it goes on.
public enum ExperimentEvent: Sendable {
  /// Something to know.
  case note(String)
  /// A part of the experiment begins: "sets", "training", "evaluation".
  case began(part: String, name: String)
  /// A part was done before, with all that it depends on as it was.
  case upToDate(part: String, name: String)
  case training(node: String, TrainingEvent)
  /// So many of an arm's questions are answered.
  case answering(arm: String, hearing: Hearing, set: String, done: Int, total: Int)
}
