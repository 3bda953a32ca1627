public import Pipelines

/// What is wrong with a training file beyond the form of its values.
public enum TrainingFileError: Error, Equatable, Sendable, CustomStringConvertible {
  /// Settings that the training refuses; the reason names the key and says what to do.
  case refused(section: String, reason: String, at: Place)
  /// A training file where a pipeline file is wanted, and the other way round.
  case isTraining(file: String)
  case isPipeline(file: String)
  case isExperiment(file: String)

  public var description: String {
    switch self {
    case .refused(let section, let reason, let place): "\(place): \(section).\(reason)"
    case .isTraining(let file): "\(file): is a training file. Use 'earshot train \(file)'."
    case .isExperiment(let file): "\(file): is an experiment file. Run it with 'earshot experiment \(file)'."
    case .isPipeline(let file):
      "\(file): is a pipeline file, which makes its own questions. Use 'earshot run \(file)'."
    }
  }
}
