import Dataset
public import Models

/// What a judge is shown of an open answer.
public struct JudgeFields: Sendable, Equatable {
  /// The sound in words.
  public var sound: String
  public var question: String
  /// The answers in the order shown.
  public var first: String
  public var second: String

  public init(sound: String, question: String, first: String, second: String) {
    self.sound = sound
    self.question = question
    self.first = first
    self.second = second
  }
}

/// How two answers are put to a judge, who writes two scores on the first line.
public struct JudgePrompt: Sendable {
  public let name: String
  /// Another text has another digest.
  public let digest: String
  private let render: @Sendable (JudgeFields) throws -> [ConversationMessage]

  /// `render` gives messages of text; the last one is the user's.
  public init(
    name: String, digest: String, render: @escaping @Sendable (JudgeFields) throws -> [ConversationMessage]
  ) {
    self.name = name
    self.digest = digest
    self.render = render
  }

  public func messages(_ fields: JudgeFields) throws -> [ConversationMessage] { try render(fields) }

  /// That of the file `prompts/judge-air-bench.md`.
  public static let airBench = JudgePrompt(
    name: "judge-air-bench",
    digest: ContentID.make(
      domain: "earshot prompt 1",
      [
        "judge-air-bench", system,
        user(JudgeFields(sound: "{{sound}}", question: "{{question}}", first: "{{first}}", second: "{{second}}")),
      ])
  ) { fields in
    [
      ConversationMessage(role: .system, text: system), ConversationMessage(role: .user, text: user(fields)),
    ]
  }

  private static let system = """
    You judge answers of assistants to questions about sounds. You cannot hear the sound; a detailed description of it \
    stands for it.
    """

  private static func user(_ fields: JudgeFields) -> String {
    """
    Description of the sound:
    \(fields.sound)

    Question:
    \(fields.question)

    Answer of assistant 1:
    \(fields.first)

    Answer of assistant 2:
    \(fields.second)

    Rate both answers for how helpful, relevant, accurate and comprehensive they are, each on a scale from 1 to 10, \
    where more is better. Their order must not matter. Write the score of assistant 1 and that of assistant 2 on the \
    first line, two numbers with a space between and nothing else. Give your reasons on the lines below.
    """
  }
}
