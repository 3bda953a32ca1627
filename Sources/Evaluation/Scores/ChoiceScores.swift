/// How probable a model holds each choice, in the order shown.
public struct ChoiceScores: Sendable, Equatable, Codable {
  /// The logarithm of the probability of the choice behind the prompt.
  public var sum: [Double]
  /// Of how many tokens that is the sum.
  public var tokens: [Int]
  /// The same sum behind the prompt without what is heard; nil where nothing is heard.
  public var without: [Double]?

  public init(sum: [Double], tokens: [Int], without: [Double]? = nil) {
    self.sum = sum
    self.tokens = tokens
    self.without = without
  }
}
