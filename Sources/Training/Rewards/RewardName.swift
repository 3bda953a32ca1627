/// A reward as pipeline files name it.
public enum RewardName: Sendable, Equatable, CustomStringConvertible {
  case accuracy(AccuracyReward.Rule)
  case answerFormat
  case thinkAnswerFormat
  case overlong(cache: Int?)
  case cosine(AccuracyReward.Rule)

  /// What a name can be, as messages list it.
  public static let known: [String] =
    AccuracyReward.Rule.allCases.map { "accuracy:\($0.rawValue)" }
    + ["format:answer", "format:think-answer", "length:overlong", "length:overlong:TOKENS", "length:cosine:RULE"]

  /// Reads a name; `accuracy` and `length:cosine` alone take the exact rule.
  public init(_ text: String) throws(RewardError) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    switch (parts[0], parts.dropFirst().first, parts.count) {
    case ("accuracy", nil, 1): self = .accuracy(.exact)
    case ("accuracy", let rule?, 2): self = .accuracy(try Self.rule(rule, of: text))
    case ("format", "answer", 2): self = .answerFormat
    case ("format", "think-answer", 2): self = .thinkAnswerFormat
    case ("length", "overlong", 2): self = .overlong(cache: nil)
    case ("length", "overlong", 3): self = .overlong(cache: try Self.length(parts[2], of: "length:overlong"))
    case ("length", "cosine", 2): self = .cosine(.exact)
    case ("length", "cosine", 3): self = .cosine(try Self.rule(parts[2], of: text))
    default: throw .unknownReward(name: text, known: Self.known)
    }
  }

  private static func rule(_ rule: String, of text: String) throws(RewardError) -> AccuracyReward.Rule {
    guard let rule = AccuracyReward.Rule(rawValue: rule) else { throw .unknownReward(name: text, known: known) }
    return rule
  }

  private static func length(_ value: String, of name: String) throws(RewardError) -> Int {
    guard let tokens = Int(value), tokens >= 0 else { throw .badLength(name: name, value: value) }
    return tokens
  }

  public var reward: any Reward {
    switch self {
    case .accuracy(let rule): AccuracyReward(rule: rule)
    case .answerFormat: AnswerTagReward()
    case .thinkAnswerFormat: ThinkAnswerReward()
    case .overlong(let cache): LengthReward(cache: cache)
    case .cosine(let rule): CosineLengthReward(rule: rule)
    }
  }

  /// The full name, which metrics have too.
  public var description: String { reward.name }
}
