import Transfer

extension AttemptFailure {
  /// In a word or two, for a count by kind.
  public var kind: String {
    switch self {
    case .status(let status, _): "status \(status)"
    case .transfer(let error):
      switch error {
      case .couldNotResolve, .refused, .connectTimeout: "no connection"
      case .tls: "no TLS"
      case .idle: "silent"
      case .cutOff: "cut off"
      case .tooLarge: "too large"
      case .cancelled, .closed: "stopped"
      case .badURL, .badHeader, .unreadableBody, .other: "other"
      }
    }
  }

  /// Whether the endpoint may have worked on the request, and may charge for it, although no answer came.
  public var mayBeBilled: Bool {
    switch self {
    case .status(let status, _): status == 504 || status == 524
    case .transfer(let error):
      switch error {
      case .badURL, .badHeader, .couldNotResolve, .refused, .connectTimeout, .tls, .unreadableBody: false
      case .idle, .cutOff, .tooLarge, .cancelled, .closed, .other: true
      }
    }
  }
}
