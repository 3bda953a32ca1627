/// Why an experiment cannot go on.
public enum ExperimentError: Error, Equatable, Sendable {
  case noTestRows(set: String)
  /// `--audio`, for a file with none or several sets that it could be of.
  case notOneMadeSet(count: Int)
}

extension ExperimentError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .noTestRows(let set):
      "sets.\(set): has no test rows to ask. Give it some with 'test', or leave it out of evaluate.sets."
    case .notOneMadeSet(let count):
      "--audio: the file has \(count == 0 ? "no set" : "\(count) sets") that a pipeline makes, so it is not clear which is meant. "
        + "Give the folder as 'audio' of a set in the file."
    }
  }
}
