import Dataset
import Models

/// How an answer is written that the policy is taught.
public enum AnswerForm: String, Sendable, CaseIterable {
  /// The text of the choice.
  case choice
  /// The letter of the choice.
  case letter
  /// `<answer>text</answer>`
  case answer
  /// `<think>rationale</think>`, a line break, `<answer>text</answer>`; for rows with a rationale.
  case think
  /// One of the row's captions, another one each epoch; whatever the row asks.
  case caption
  /// The row's labels, in the file's order, separated by commas; whatever the row asks.
  case labels

  /// Whether the sound is described and no question is answered.
  public var describes: Bool { self == .caption || self == .labels }

  /// The answer with the choice at `index`; nil where the row lacks what the form takes.
  func text(choice index: Int, of choices: [String], rationale: String?) -> String? {
    switch self {
    case .choice: return choices[index]
    case .letter: return PromptFields.letter(index)
    case .answer: return "<answer>\(choices[index])</answer>"
    case .think:
      guard let rationale, !hasTags(rationale) else { return nil }
      return "<think>\(rationale)</think>\n<answer>\(choices[index])</answer>"
    case .caption, .labels: return nil
    }
  }

  /// What is said of a sound.
  func description(_ question: ImportedQuestion, epoch: Int) -> String? {
    switch self {
    case .caption where !question.captions.isEmpty: question.captions[epoch % question.captions.count]
    case .labels where !question.labels.isEmpty: question.labels.joined(separator: ", ")
    default: nil
    }
  }
}

/// Tags inside of thoughts would make two answers of one.
private func hasTags(_ text: String) -> Bool {
  ["<think>", "</think>", "<answer>", "</answer>"].contains { text.contains($0) }
}
