/// What a 206's Content-Range says (RFC 9110, 14.4).
struct ContentRange: Equatable {
  let start: Int
  let last: Int
  /// Nil where the server does not know.
  let total: Int?
}

extension ContentRange {
  /// Nil for what RFC 9110 does not allow, and for numbers that no file has.
  init?(_ text: String) {
    guard let match = text.wholeMatch(of: /bytes ([0-9]+)-([0-9]+)\/([0-9]+|\*)/), let start = Int(match.1),
      let last = Int(match.2), match.3 == "*" || Int(match.3) != nil
    else { return nil }
    self.start = start
    self.last = last
    total = Int(match.3)
  }
}
