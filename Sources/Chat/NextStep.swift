import Transfer

/// What to do about the outcome of an attempt.
enum NextStep: Equatable {
  /// Asking again would change nothing.
  case settle
  /// Ask again, after this many seconds where the endpoint names them.
  case retry(wait: Double?)
  /// Hold everything for this many seconds, then ask again.
  case pause(Double)

  init(after response: HTTPResponse, advice: RetryAdvice) {
    switch response.status {
    case 429 where Self.isOutOfQuota(response): self = .settle
    case 429, 503:
      if advice.shouldRetry == false {
        self = .settle
      } else {
        // Told to wait for no time at all, our own intervals are better than none.
        self = advice.wait.flatMap { $0 > 0 ? .pause($0) : nil } ?? .retry(wait: nil)
      }
    case 408, 409, 500...599: self = advice.shouldRetry == false ? .settle : .retry(wait: advice.wait)
    default: self = .settle
    }
  }

  init(after error: TransferError) {
    switch error {
    case .couldNotResolve, .refused, .connectTimeout, .idle, .cutOff, .other: self = .retry(wait: nil)
    case .badURL, .badHeader, .tls, .tooLarge, .unreadableBody, .cancelled, .closed: self = .settle
    }
  }

  /// 402, or the 429 of OpenAI's that no waiting cures.
  static func isOutOfQuota(_ response: HTTPResponse) -> Bool {
    guard response.status == 429 else { return response.status == 402 }
    let error = JSONValue(parsing: response.body)?["error"]
    return error?["code"] == "insufficient_quota" || error?["type"] == "insufficient_quota"
  }
}
