/// How an endpoint is being used at one moment, for those who watch.
public struct FlowState: Sendable, Equatable {
  /// Why nothing goes out just now.
  public enum Hold: Sendable, Equatable {
    /// The endpoint asked for a pause.
    case toldToWait(secondsLeft: Double, reason: String)
    /// The limits on requests or tokens are used up for this long.
    case limits(secondsLeft: Double)
    /// Everything failed for `seconds`; one request tries again after `secondsLeft`, or is trying where that is nil.
    case failing(seconds: Double, secondsLeft: Double?, reason: String)
  }

  /// Requests that went out and are not answered yet.
  public var inFlight: Int
  /// How many may be in flight now; never more than `Endpoint.concurrency`.
  public var allowed: Int
  /// Requests that wait to go out; those that wait some seconds for another attempt not counted.
  public var waiting: Int
  public var hold: Hold?
  /// The endpoint's limits, given or told by it; the stricter ones where both are known.
  public var limits: RateLimits
  /// Answers that came in the last minute.
  public var requestsPerMinute: Int
  /// Tokens of prompts and answers that came in the last minute, as far as the endpoint tells.
  public var tokensPerMinute: Int
  /// The median of the last answers' times; nil before the first.
  public var medianSeconds: Double?
}

extension FlowState.Hold: CustomStringConvertible {
  public var description: String {
    switch self {
    case .toldToWait(let left, let reason): "told to wait, \(Self.seconds(left)) more (\(reason))"
    case .limits(let left): "at the endpoint's limits, \(Self.seconds(left)) more"
    case .failing(let seconds, let left?, let reason):
      "everything fails for \(Self.seconds(seconds)), next try in \(Self.seconds(left)) (\(reason))"
    case .failing(let seconds, nil, let reason):
      "everything fails for \(Self.seconds(seconds)), trying again (\(reason))"
    }
  }

  private static func seconds(_ seconds: Double) -> String { "\(Int(clamping: seconds.rounded(.up))) s" }
}
