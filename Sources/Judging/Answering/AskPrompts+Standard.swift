import Dataset
import Models

/// The prompts that are used where none is given: those of the files of the same names in `prompts/`.
extension AskPrompts {
  static let standardChoices = standard("ask-omni-r1") { fields in
    "\(fields.question) Please choose the answer from the following options: \(fields.choiceList)."
  }

  static let standardOthers: [BenchmarkItem.Kind: QuestionPrompt] = [
    .label: standard("ask-label") { fields in
      (["Which label fits the sound best?"] + fields.choices).joined(separator: "\n")
    },
    .transcript: standard("ask-transcript") { _ in "Transcribe the speech word for word." },
    .translation: standard("ask-translation") {
      "Translate the speech into \($0.question). Give the translation alone."
    },
    .caption: standard("ask-describe") { _ in "Describe the sound in one sentence." },
  ]

  private static func standard(_ name: String, _ text: @escaping @Sendable (PromptFields) -> String) -> QuestionPrompt {
    let sample = text(PromptFields(question: "{{question}}", choices: ["{{choices}}"]))
    return QuestionPrompt(name: name, digest: ContentID.make(domain: "earshot prompt 1", [name, sample])) { fields in
      [ConversationMessage(role: .user, text: text(fields))]
    }
  }
}
