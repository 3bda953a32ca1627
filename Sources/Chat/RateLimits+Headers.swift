import Transfer

extension RateLimits {
  /// The limits that an answer's headers told, as `RawResponse.headersJSON` keeps them; nil where they told none.
  public init?(headersJSON: String) {
    guard let members = JSONValue(parsing: Array(headersJSON.utf8))?.objectValue else { return nil }
    var headers: HTTPHeaders = [:]
    for (name, value) in members { if let text = value.stringValue { headers.append(name, text) } }
    guard let told = RateHeaders(headers) else { return nil }
    self.init(
      requestsPerMinute: told.requests.flatMap(Self.inAMinute), tokensPerMinute: told.tokens.flatMap(Self.inAMinute))
  }

  private static func inAMinute(_ notice: RateHeaders.Notice) -> Int? {
    let count = notice.limit * 60 / (notice.window ?? 60)
    return count >= 1 && count < 1e15 ? Int(count) : nil
  }
}
