/// A way in which the stand-in endpoint goes wrong. The raw value is its name on the command line, in `/v1/stats` and in
/// the request log.
public enum StandInFault: String, CaseIterable, Sendable {
  // New faults go to the end: which requests an old one hits must not change with them.

  /// 429 with `Retry-After` in seconds.
  case rateLimited = "rate-limited"
  /// 500.
  case serverError = "server-error"
  /// The answer comes `slowSeconds` later.
  case slow
  /// The connection is closed in the middle of the body.
  case cutOff = "cut-off"
  /// The content is not the JSON that was asked for, or only its beginning.
  case wrongJSON = "wrong-json"
  /// The content stops half-way, with the finish reason "length".
  case truncated
  /// A refusal in the words of a model, without content.
  case refusal
  /// 429 that says nothing of when to come back.
  case rateLimitedBare = "rate-limited-bare"
  /// 429 with `Retry-After` as an HTTP date.
  case rateLimitedDate = "rate-limited-date"
  /// 429 with `retry-after-ms`.
  case rateLimitedMilliseconds = "rate-limited-ms"
  /// 503 with `Retry-After` in seconds.
  case unavailable
  /// 503 that says nothing of when to come back.
  case unavailableBare = "unavailable-bare"
  /// The connection is reset in the middle of the body.
  case reset
  /// The body comes in small pieces over `dripSeconds`.
  case drip
  /// The body is longer than its Content-Length; then the connection is closed.
  case shortLength = "short-length"
  /// The content holds bytes that are no UTF-8.
  case invalidUTF8 = "invalid-utf8"
  /// The content is prose, or JSON of another shape than asked for.
  case schemaIgnored = "schema-ignored"
  /// The content is empty, and what belongs there stands in `reasoning_content`.
  case reasoningContent = "reasoning-content"
  /// The content is empty, and what belongs there stands in `reasoning`.
  case reasoning
  /// `choices` is empty.
  case noChoices = "no-choices"
  /// The body holds the same JSON twice.
  case doubled
  /// Nothing comes for `pauseSeconds`, and then the answer.
  case pause
  /// No content, with the finish reason "content_filter".
  case contentFilter = "content-filter"
  /// The content stands in a Markdown fence.
  case fenced
  /// The content is JSON with a comma before its last bracket.
  case trailingComma = "trailing-comma"
  /// Sentences stand before and after the content.
  case wrapped
}
