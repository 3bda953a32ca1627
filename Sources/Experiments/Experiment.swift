public import Dataset
public import Training

/// Sets of questions, trainings that begin with one model, and how what comes of them is measured: an experiment as its
/// file tells it.
public struct Experiment: Sendable {
  /// The model that all arms begin with.
  public enum Start: Sendable, Equatable {
    /// A fresh nano model, made in the experiment's folder.
    case nano
    /// A folder, or the OWNER/NAME of a model that was pulled.
    case model(String)
  }

  /// Safe as the name of a folder.
  public var name: String
  public var start: Start
  /// In the order of the file; no two have one name.
  public var sets: [QuestionSet]
  /// With every phase that the file has; each arm runs some of them.
  public var training: TrainingSettings
  /// In the order of the file; no two have one name.
  public var arms: [ExperimentArm]
  public var evaluation: ExperimentEvaluation
  public var expectations: [Expectation]
}

/// One training of an experiment, or none: what a row of its table shows.
public struct ExperimentArm: Sendable, Equatable {
  /// Safe as the name of a folder.
  public var name: String
  /// Names of phases, in the order they run; none leaves the model as it is.
  public var phases: [String]
  /// Names of the sets that are trained on, all together.
  public var sets: [String]
  /// What is heard in training, where that is not for each phase to say.
  public var hears: AudioMode?
  /// Which rows are trained on; nil for all.
  public var rows: AudioContribution?
}

/// What an arm must reach for the experiment to count as passed.
public struct Expectation: Sendable, Equatable {
  public enum Bound: Sendable, Equatable {
    /// The least share of right answers, 0...1.
    case atLeast(Double)
    /// The most that the share of right answers is away from that of guessing, 0...1.
    case nearChance(within: Double)
  }

  public var arm: String
  public var hearing: String
  public var bound: Bound
}
