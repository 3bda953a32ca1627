/// When a linter calls the numbers of a whole set wrong, and how much it shows.
public struct LintSettings: Sendable, Equatable {
  /// Examples kept of each rule.
  public var examples: Int
  /// How far a share may be from chance, 0...1: of a place, and of what the longest or shortest choice gets.
  public var deviation: Double
  /// How far guessing by the texts of choices may be above chance.
  public var priorExcess: Double
  /// A deviation more probable than this is no error, and one more probable than `doubtful` nothing at all.
  public var significance: Double
  public var doubtful: Double
  /// The share of one template from which on it is pointed out, in sets of 200 items or more.
  public var templateShare: Double

  public init(
    examples: Int = 3, deviation: Double = 0.03, priorExcess: Double = 0.05, significance: Double = 0.001,
    doubtful: Double = 0.01, templateShare: Double = 0.1
  ) {
    self.examples = examples
    self.deviation = deviation
    self.priorExcess = priorExcess
    self.significance = significance
    self.doubtful = doubtful
    self.templateShare = templateShare
  }

  /// What a share is that is `distance` from chance with probability `p`.
  func severity(distance: Double, allowed: Double, p: Double) -> Finding.Severity? {
    guard distance > allowed, p < doubtful else { return nil }
    return p < significance ? .error : .warning
  }
}
