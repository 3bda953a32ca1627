/// What ``QuestionChecks`` holds a question to.
public struct CheckSettings: Sendable, Equatable {
  /// How many choices a question has, the right one included; at least 2.
  public var choices: Int
  /// Texts that trainers read as their own tokens; no question holds one, in capitals or not.
  public var forbiddenTokens: [String]
  /// Phrases that speak of the text behind the question; for their form see `docs/formats.md`, "Meta phrases".
  public var metaPhrases: [String]
  /// Whether a question must come with the thoughts that lead to its answer.
  public var needsRationale: Bool

  public init(
    choices: Int = 4, forbiddenTokens: [String] = CheckSettings.usualForbiddenTokens,
    metaPhrases: [String] = CheckSettings.usualMetaPhrases, needsRationale: Bool = false
  ) {
    self.choices = choices
    self.forbiddenTokens = forbiddenTokens
    self.metaPhrases = metaPhrases
    self.needsRationale = needsRationale
  }

  public static let usualForbiddenTokens = [
    "<audio>", "</audio>", "<answer>", "</answer>", "<image>", "<video>", "<think>", "</think>", "<|",
    "</s>", "[inst]", "[/inst]", "<<sys>>", "<pad>", "<unk>", "<bos>", "<eos>", "{{", "}}",
  ]

  public static let usualMetaPhrases = MetaPhrase.usual
}
