public import Models
import Pipelines
import Training

extension QuestionPrompt {
  private static let offered = [
    "question", "choices", "options[].letter", "options[].text", "captions[].text", "labels[].text",
  ]

  /// From a prompt file for `ask`.
  public init(path: String) throws {
    let prompt = try Prompt(path: path)
    try prompt.check(stage: "ask", gives: Self.offered)
    guard prompt.messages.last?.role == .user else { throw TrainingDataError.promptEndsWrong(prompt: path) }
    self.init(name: prompt.name, digest: prompt.hash, showsQuestion: prompt.shows("question")) { fields in
      try prompt.render(fields.promptValues).map { message in
        ConversationMessage(role: ConversationRole(message.role), text: message.text)
      }
    }
  }
}

extension PromptFields {
  fileprivate var promptValues: [String: PromptValue] {
    let texts = { (texts: [String]) in PromptValue.list(texts.map { ["text": .text($0)] }) }
    let options = zip(letters, choices).map { ["letter": PromptValue.text($0), "text": .text($1)] }
    return [
      "question": .text(question), "choices": .text(choiceList), "options": .list(options),
      "captions": texts(captions), "labels": texts(labels),
    ]
  }
}

extension ConversationRole {
  fileprivate init(_ role: Prompt.Role) {
    self =
      switch role {
      case .system: .system
      case .user: .user
      case .assistant: .assistant
      }
  }
}
