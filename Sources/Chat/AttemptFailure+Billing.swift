import Transfer

extension AttemptFailure {
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
