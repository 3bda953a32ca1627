public import Pipelines

/// What is wrong with a training file beyond the form of its values.
public enum TrainingFileError: Error, Equatable, Sendable, CustomStringConvertible {
  /// Settings that the training refuses; the reason names the key and says what to do.
  case refused(section: String, reason: String, at: Place)

  public var description: String {
    switch self {
    case .refused(let section, let reason, let place): "\(place): \(section).\(reason)"
    }
  }
}
