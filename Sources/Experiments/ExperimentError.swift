public import Dataset

/// Why an experiment cannot go on.
public enum ExperimentError: Error, Equatable, Sendable {
  case noTestRows(set: String)
  /// Sounds that a training learns from, or picks its best checkpoint by, and that the evaluation asks about.
  case asksWhatWasLearned(training: String, SharedPlaces)
  /// `--audio`, for a file with none or several sets that it could be of.
  case notOneMadeSet(count: Int)
  /// Several folders of audio, of which this one is not said to be which set's.
  case unnamedAudio(folder: String)
  /// Two sets of one name.
  case nameTaken(String)
}

extension ExperimentError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .noTestRows(let set):
      "sets.\(set): has no test rows to ask. Give it some with 'test', or leave it out of evaluate.sets."
    case .asksWhatWasLearned(let training, let shared):
      "\(shared.first): the training '\(training)' has it, and it is asked about in the evaluation, "
        + "\(shared.count == 1 ? "alone" : "as \(shared.count) are"). "
        + "A score on what was trained or chosen by says nothing; take them out of the train and dev rows, or of the test rows."
    case .notOneMadeSet(let count):
      "--audio: the file has \(count == 0 ? "no set" : "\(count) sets") that a pipeline makes, so it is not clear which is meant. "
        + "Give the folder as 'audio' of a set in the file."
    case .unnamedAudio(let folder):
      "--audio \(folder): several folders make several sets, so each needs a name. Write --audio NAME=\(folder)."
    case .nameTaken(let name): "--audio \(name)=…: there is another set of that name. Give it one of its own."
    }
  }
}
