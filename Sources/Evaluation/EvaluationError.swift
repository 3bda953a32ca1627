/// What can be wrong with texts that are to be scored.
public enum EvaluationError: Error, Sendable, Equatable, CustomStringConvertible {
  /// An alignment would take minutes. The lengths are in words or characters.
  case tooLong(reference: Int, hypothesis: Int, most: Int)

  public var description: String {
    switch self {
    case .tooLong(let reference, let hypothesis, let most):
      "transcript: a reference of \(reference) units beside a hypothesis of \(hypothesis) is too long to align, where "
        + "\(most) are the most. Cut the recording and score its parts."
    }
  }
}
