/// A completion, and what its question says of the right answer.
public struct RewardedCompletion: Sendable, Equatable {
  /// Without the end-of-text mark.
  public var text: String
  public var tokenCount: Int
  /// The most tokens it could have had.
  public var maximumTokens: Int
  /// Whether it was cut off there.
  public var isTruncated: Bool
  public var choices: [String]
  /// The place of the right one among `choices`; -1 where there is none.
  public var answer: Int
  /// The right answer as a text, perhaps inside `<answer>`, for questions without choices.
  public var solution: String

  public init(
    text: String, tokenCount: Int = 0, maximumTokens: Int = 0, isTruncated: Bool = false, choices: [String] = [],
    answer: Int = -1, solution: String = ""
  ) {
    self.text = text
    self.tokenCount = tokenCount
    self.maximumTokens = maximumTokens
    self.isTruncated = isTruncated
    self.choices = choices
    self.answer = answer
    self.solution = solution
  }

  /// The place of the right choice; by the text of the solution where no place is given.
  var answerPlace: Int? {
    if choices.indices.contains(answer) { return answer }
    let solution = trimmed(solutionText)
    return solution.isEmpty ? nil : choices.firstIndex { trimmed($0) == solution }
  }

  /// The text of the right answer, trimmed; `nil` where it is not known.
  var answerText: String? {
    let text = trimmed(choices.indices.contains(answer) ? choices[answer] : solutionText)
    return text.isEmpty ? nil : text
  }

  private var solutionText: String { TaggedText(solution).answer ?? "" }
}

/// A number for what a completion is worth. A new reward is one such type and a case of ``RewardName``.
public protocol Reward: Sendable {
  /// As pipeline files and metrics spell it.
  var name: String { get }

  /// The worth; `nil` where the reward does not apply.
  func score(_ completion: RewardedCompletion) -> Double?
}
