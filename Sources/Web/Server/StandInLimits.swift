/// What the stand-in endpoint allows. Nothing is limited unless said so.
///
/// Where a rate is limited, every answer tells it in `x-ratelimit-limit-…`, `-remaining-…` and `-reset-…`, as OpenAI does,
/// and what goes beyond is answered with 429 and `Retry-After`. A refused request uses nothing up.
public struct StandInLimits: Sendable, Equatable {
  /// Requests a minute; a full minute's can come at once.
  public var requestsPerMinute: Int?
  /// Tokens a minute: those of the prompt and as many as the answer may have.
  public var tokensPerMinute: Int?
  /// Answers worked on at a time. What comes beyond waits its turn, as with a local model, and is never refused.
  public var concurrentAnswers: Int?

  public init(requestsPerMinute: Int? = nil, tokensPerMinute: Int? = nil, concurrentAnswers: Int? = nil) {
    self.requestsPerMinute = requestsPerMinute
    self.tokensPerMinute = tokensPerMinute
    self.concurrentAnswers = concurrentAnswers
  }
}
