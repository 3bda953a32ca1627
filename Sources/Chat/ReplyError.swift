/// Why an answer with status 2xx holds no reply.
public enum ReplyError: Error, Equatable, Sendable {
  /// Not JSON, or nested beyond reason.
  case notJSON(excerpt: String)
  /// The server put an error into the body.
  case endpointError(code: String?, message: String)
  case noChoice(excerpt: String)
  /// Not a vector of numbers for each text.
  case noVectors(excerpt: String)
}

extension ReplyError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .notJSON(let excerpt):
      "the answer is not JSON: '\(excerpt)'. Check that the base URL leads to an OpenAI-compatible server."
    case .endpointError(let code?, let message): "the endpoint answers with error \(code): '\(message)'"
    case .endpointError(nil, let message): "the endpoint answers with an error: '\(message)'"
    case .noChoice(let excerpt): "the answer holds no choice: '\(excerpt)'"
    case .noVectors(let excerpt):
      "the answer does not hold a vector of numbers for each text: '\(excerpt)'. Check the model's name."
    }
  }
}
