// The getters. Those with a default use it where the key is not set; those that begin with "optional" return nil;
// `string(_:)` and `path(_:)` without a default require the key.

extension Section {
  public func optionalString(_ key: String) throws(PipelineError) -> String? {
    try read(key, wanted: "a text") { $0.scalar }
  }

  public func string(_ key: String, default fallback: String) throws(PipelineError) -> String {
    try optionalString(key) ?? fallback
  }

  public func string(_ key: String) throws(PipelineError) -> String {
    guard let text = try optionalString(key) else { throw missing(key, wanted: "a text") }
    return text
  }

  /// A list of texts, or a single one.
  public func strings(_ key: String, default fallback: [String] = []) throws(PipelineError) -> [String] {
    try read(key, wanted: "a text or a list of texts") { texts($0) } ?? fallback
  }

  public func optionalInt(_ key: String, in range: ClosedRange<Int>) throws(PipelineError) -> Int? {
    try read(key, wanted: "a whole number between \(range.lowerBound) and \(range.upperBound)") { value in
      value.scalar.flatMap { Int($0) }.flatMap { range.contains($0) ? $0 : nil }
    }
  }

  public func int(_ key: String, in range: ClosedRange<Int>, default fallback: Int) throws(PipelineError) -> Int {
    try optionalInt(key, in: range) ?? fallback
  }

  public func optionalDouble(_ key: String, in range: ClosedRange<Double>) throws(PipelineError) -> Double? {
    try read(key, wanted: "a number between \(plain(range.lowerBound)) and \(plain(range.upperBound))") { value in
      value.scalar.flatMap { decimal($0) }.flatMap { range.contains($0) ? $0 : nil }
    }
  }

  public func double(
    _ key: String, in range: ClosedRange<Double>, default fallback: Double
  ) throws(PipelineError) -> Double {
    try optionalDouble(key, in: range) ?? fallback
  }

  public func bool(_ key: String, default fallback: Bool) throws(PipelineError) -> Bool {
    try read(key, wanted: "true or false") { value in
      switch value.scalar {
      case "true", "True", "yes", "on": true
      case "false", "False", "no", "off": false
      default: nil
      }
    } ?? fallback
  }

  /// One of the `words`.
  public func choice(
    _ key: String, of words: [String], default fallback: String
  ) throws(PipelineError) -> String {
    try read(key, wanted: oneOf(words)) { value in value.scalar.flatMap { words.contains($0) ? $0 : nil } } ?? fallback
  }

  /// One or more of the `words`, as written, each once.
  public func choices(
    _ key: String, of words: [String], default fallback: [String]
  ) throws(PipelineError) -> [String] {
    try read(key, wanted: "a list of any of \(words.joined(separator: ", ")), each once") { value in
      texts(value).flatMap { Set($0).isSubset(of: words) && Set($0).count == $0.count ? $0 : nil }
    } ?? fallback
  }

  /// Seconds, from "30s", "250ms", "2m", "1h" or a plain number of seconds.
  public func optionalDuration(
    _ key: String, in range: ClosedRange<Double> = 0...31_536_000
  ) throws(PipelineError) -> Double? {
    let wanted =
      "a time between \(plain(range.lowerBound))s and \(plain(range.upperBound))s, such as 250ms, 30s, 2m or 1h"
    return try read(key, wanted: wanted) { value in
      value.scalar.flatMap { seconds($0) }.flatMap { range.contains($0) ? $0 : nil }
    }
  }

  /// Seconds, as `optionalDuration`.
  public func duration(
    _ key: String, in range: ClosedRange<Double> = 0...31_536_000, default fallback: Double
  ) throws(PipelineError) -> Double {
    try optionalDuration(key, in: range) ?? fallback
  }

  /// The name of an environment variable that holds a secret. What stands there is not repeated in an error.
  public func optionalVariableName(_ key: String) throws(PipelineError) -> String? {
    guard let value = value(key) else { return nil }
    guard let text = value.scalar, text.wholeMatch(of: /[A-Za-z_][A-Za-z0-9_]{0,63}/) != nil else {
      throw .notAVariableName(key: full(key), at: value.place)
    }
    return text
  }

  func read<Value>(
    _ key: String, wanted: String, _ convert: (PlacedValue) -> Value?
  ) throws(PipelineError) -> Value? {
    guard let value = value(key) else { return nil }
    guard let converted = convert(value) else {
      throw .badValue(key: full(key), shown: value.shown, wanted: wanted, at: value.place)
    }
    return converted
  }
}

private func texts(_ value: PlacedValue) -> [String]? {
  guard case .list(let elements) = value.content else { return value.scalar.map { [$0] } }
  let texts = elements.compactMap(\.scalar)
  return texts.count == elements.count ? texts : nil
}

private func oneOf(_ words: [String]) -> String {
  words.count == 1 ? words[0] : "one of \(words.joined(separator: ", "))"
}
