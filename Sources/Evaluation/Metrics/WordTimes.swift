/// A transcript with times, as Qwen-Audio writes it: `<|0.00|><|sil|><|0.54|>word<|0.86|>`. Each unit stands between
/// the stamps of its start and end.
public struct WordTimes: Sendable, Equatable {
  public struct Unit: Sendable, Equatable {
    public let text: String
    /// Seconds.
    public let start: Double
    public let end: Double

    public init(text: String, start: Double, end: Double) {
      self.text = text
      self.start = start
      self.end = end
    }
  }

  public let units: [Unit]

  public init(units: [Unit]) { self.units = units }

  /// Reads a marked transcript; nil where it has no stamp. What stands before the first stamp and behind the last is
  /// left out, and so are tags of the task and the language.
  ///
  /// A model that is prompted with its first stamp does not repeat it: put it in front.
  public init?(marked text: String) {
    var points = CodePoints(text.unicodeScalars)
    for tag in ["<|startoftranscript|>", "<|transcribe|>"] { points = points.replacing(tag, with: "") }
    let language = points.replacing("<|en|>", with: "")
    points = language.count < points.count ? language : points.replacing("<|zh|>", with: "")

    var units: [Unit] = []
    var last: (seconds: Double, end: Int)?
    var index = 0
    while index < points.count {
      guard let (seconds, end) = Self.stamp(in: points, at: index) else {
        index += 1
        continue
      }
      if let last {
        units.append(Unit(text: String(points[last.end..<index]), start: last.seconds, end: seconds))
      }
      last = (seconds, end)
      index = end
    }
    guard last != nil else { return nil }
    self.units = units
  }

  /// The time that `<|12.34|>` at `start` gives, with one or two digits before the point, and where the stamp ends.
  private static func stamp(in points: CodePoints, at start: Int) -> (Double, end: Int)? {
    guard points.holds(["<", "|"], at: start) else { return nil }
    let whole = points[(start + 2)...].prefix(while: \.isASCIIDigit)
    guard (1...2).contains(whole.count), points.holds(["."], at: whole.endIndex) else { return nil }
    let fraction = points[(whole.endIndex + 1)...].prefix(while: \.isASCIIDigit)
    guard !fraction.isEmpty, points.holds(["|", ">"], at: fraction.endIndex) else { return nil }
    return Double(String(points[(start + 2)..<fraction.endIndex])).map { ($0, fraction.endIndex + 2) }
  }
}
