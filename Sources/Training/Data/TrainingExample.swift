public import Audio
public import Models

/// What the policy is asked, and what is known of the answer.
public struct TrainingExample: Sendable, Equatable {
  public var id: String
  /// Up to the place where the policy answers; `.audio(0)` stands where the sound is heard.
  public var messages: [ConversationMessage]
  /// Nil where the messages have no place for a sound.
  public var audio: AudioReference?
  /// In the order shown; empty for an open question.
  public var choices: [String]
  /// Index into `choices`; nil for an open question.
  public var answer: Int?
  /// The text of the right choice, or the response to an open question.
  public var solution: String
  /// What supervised training teaches, without an end token; nil where the row lacks what its form takes.
  public var target: String?
  /// A worse answer than `target`, in the same form.
  public var rejected: String?
  /// The share of a model's attempts that were right, 0...1.
  public var passRate: Double?

  public init(
    id: String, messages: [ConversationMessage], audio: AudioReference? = nil, choices: [String] = [],
    answer: Int? = nil, solution: String = "", target: String? = nil, rejected: String? = nil, passRate: Double? = nil
  ) {
    self.id = id
    self.messages = messages
    self.audio = audio
    self.choices = choices
    self.answer = answer
    self.solution = solution
    self.target = target
    self.rejected = rejected
    self.passRate = passRate
  }
}
