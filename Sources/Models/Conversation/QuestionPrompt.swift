/// What a prompt can show of a row.
public struct PromptFields: Sendable, Equatable {
  public var question: String
  /// In the order shown.
  public var choices: [String]
  public var captions: [String]
  public var labels: [String]

  public init(question: String, choices: [String] = [], captions: [String] = [], labels: [String] = []) {
    self.question = question
    self.choices = choices
    self.captions = captions
    self.labels = labels
  }

  /// The choices as a line of Python shows a list of them, as in R1-AQA's prompts.
  public var choiceList: String { pythonList(choices) }

  /// "A", "B" and so on, for as many choices as there are.
  public var letters: [String] { choices.indices.map(Self.letter) }

  /// The letter of a choice, from "A".
  public static func letter(_ index: Int) -> String {
    UInt8(exactly: 0x41 + index).map { String(UnicodeScalar($0)) } ?? String(index)
  }
}

/// How a row is put to the policy: a template made by a user, read elsewhere.
public struct QuestionPrompt: Sendable {
  public let name: String
  /// Another text has another digest.
  public let digest: String
  /// Whether the question stands in it.
  public let showsQuestion: Bool
  private let render: @Sendable (PromptFields) throws -> [ConversationMessage]

  /// `render` gives messages of text; the last one is the user's.
  public init(
    name: String, digest: String = "", showsQuestion: Bool = true,
    render: @escaping @Sendable (PromptFields) throws -> [ConversationMessage]
  ) {
    self.name = name
    self.digest = digest
    self.showsQuestion = showsQuestion
    self.render = render
  }

  public func messages(_ fields: PromptFields) throws -> [ConversationMessage] { try render(fields) }
}
