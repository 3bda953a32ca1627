import Transfer

/// What came of one attempt.
enum AttemptOutcome {
  /// Status 2xx, whole.
  case answered(HTTPResponse)
  /// Any other status.
  case refused(HTTPResponse, NextStep, AttemptFailure)
  case failed(TransferError)

  /// The limits that the answer tells.
  var rateHeaders: RateHeaders? {
    switch self {
    case .answered(let response), .refused(let response, _, _): RateHeaders(response.headers)
    case .failed: nil
    }
  }

  /// The same, as those see it who let requests out. A pause longer than `longestPause` is none: it ends the request.
  func ending(began: Double, now: Double, longestPause: Double) -> SendOutcome {
    switch self {
    case .answered(let response):
      .answered(began: began, seconds: now - began, usage: TokenUsage(scanning: response.body))
    case .refused(_, .pause(let seconds), let failure) where seconds <= longestPause:
      .toldToWait(began: began, seconds: seconds, reason: "\(failure)")
    case .refused(let response, .retry, let failure):
      Self.meansOverload(response.status)
        ? .overloaded(began: began, isAway: false, reason: "\(failure)") : .failed(reason: "\(failure)")
    case .refused: .refused
    case .failed(let error): Self.ending(of: error, began: began)
    }
  }

  private static func ending(of error: TransferError, began: Double) -> SendOutcome {
    switch error {
    case .badURL, .badHeader, .unreadableBody, .cancelled, .closed: .unsent
    case .tooLarge: .refused
    case .idle: .overloaded(began: began, isAway: false, reason: "\(error)")
    case .couldNotResolve, .refused, .connectTimeout: .overloaded(began: began, isAway: true, reason: "\(error)")
    case .cutOff, .tls, .other: .failed(reason: "\(error)")
    }
  }

  /// 529 is what Anthropic answers when it has too much to do.
  private static func meansOverload(_ status: Int) -> Bool { [408, 429, 503, 504, 529].contains(status) }
}
