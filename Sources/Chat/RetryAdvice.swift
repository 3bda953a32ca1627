import Transfer

/// What an answer's headers say about asking again.
struct RetryAdvice {
  /// Seconds to wait, from `retry-after-ms` or `retry-after`.
  let wait: Double?
  /// OpenAI's `x-should-retry`.
  let shouldRetry: Bool?

  init(headers: HTTPHeaders, secondsSince1970: Double) {
    wait = Self.wait(headers, secondsSince1970)
    shouldRetry = headers["x-should-retry"].flatMap { ["true": true, "false": false][$0.lowercased()] }
  }

  private static func wait(_ headers: HTTPHeaders, _ now: Double) -> Double? {
    if let milliseconds = headers["retry-after-ms"].flatMap(Double.init), milliseconds.isFinite {
      return max(0, milliseconds / 1000)
    }
    guard let text = headers["retry-after"] else { return nil }
    if let seconds = Double(text), seconds.isFinite { return max(0, seconds) }
    // The server's own clock where it tells the time: ours may be wrong.
    let now = headers["date"].flatMap(HTTPDate.secondsSince1970) ?? now
    return HTTPDate.secondsSince1970(text).map { max(0, $0 - now) }
  }
}
