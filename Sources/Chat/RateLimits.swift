/// How much an endpoint takes in a minute. What is nil is not known, and then not assumed either.
public struct RateLimits: Sendable, Equatable {
  public var requestsPerMinute: Int?
  /// Tokens of prompts and answers together.
  public var tokensPerMinute: Int?

  public init(requestsPerMinute: Int? = nil, tokensPerMinute: Int? = nil) {
    self.requestsPerMinute = requestsPerMinute
    self.tokensPerMinute = tokensPerMinute
  }
}
