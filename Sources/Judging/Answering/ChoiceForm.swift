public import Models

/// How a choice is written that a model is asked the likelihood of.
public enum ChoiceForm: String, Sendable, CaseIterable {
  case text
  /// "A", "B", …, by the place shown.
  case letter
  /// `<answer>text</answer>`
  case tagged

  /// The form that a prompt asks for, as its words say.
  public init(askedBy prompt: QuestionPrompt) throws {
    let shown = try prompt.messages(PromptFields(question: "", choices: ["1", "2"])).flatMap(\.parts)
    let text = shown.map { if case .text(let text) = $0 { text } else { "" } }.joined(separator: "\n")
    if text.contains("<answer>") {
      self = .tagged
    } else {
      self = text.contains(/\bletter\b/.ignoresCase()) ? .letter : .text
    }
  }

  /// The choices as written.
  func texts(_ choices: [String]) -> [String] {
    switch self {
    case .text: choices
    case .letter: PromptFields(question: "", choices: choices).letters
    case .tagged: choices.map { "<answer>\($0)</answer>" }
    }
  }
}
