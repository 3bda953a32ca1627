/// How often questions are answered rightly from their text, against chance.
public struct TextOnlyScore: Sendable, Equatable {
  public var questions: Int
  /// The share that is right, 0...1.
  public var accuracy: Double
  /// Of `accuracy`, by drawing whole clips, whose questions are not independent; see ``Bootstrap``.
  public var interval: Interval
  /// The mean of 1 over the number of choices.
  public var chance: Double
  /// The mean margin, in natural logarithms; see ``TextOnlyClassifier/Answer/margin``.
  public var margin: Double

  /// Nil where there are no answers.
  public init?(_ answers: [TextOnlyClassifier.Answer], draws: Int = 2_000) {
    let scores = answers.map(\.score)
    guard let interval = Bootstrap(draws: draws).mean(scores, clusters: answers.map(\.clip)) else { return nil }
    let count = Double(answers.count)
    questions = answers.count
    accuracy = scores.reduce(0, +) / count
    self.interval = interval
    chance = answers.reduce(0) { $0 + $1.chance } / count
    margin = answers.reduce(0) { $0 + $1.margin } / count
  }

  /// How far the accuracy is above chance, in points of 100; negative below.
  public var pointsAboveChance: Double { 100 * (accuracy - chance) }
}
