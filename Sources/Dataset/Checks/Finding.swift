/// One thing that a rule has found in a question.
public struct Finding: Sendable, Equatable {
  /// How bad it is.
  public enum Severity: String, Sendable, CaseIterable, Codable {
    /// The question cannot be asked as it is.
    case error
    /// The question can be asked, and somebody should look at it.
    case warning
  }

  public var code: ReasonCode
  public var severity: Severity
  /// The words or numbers behind it, as a sentence.
  public var detail: String

  public init(_ code: ReasonCode, _ detail: String, severity: Severity = .error) {
    self.code = code
    self.severity = severity
    self.detail = detail
  }
}

/// A question with choices, whoever wrote it and whatever file it was read from.
public struct ChoiceQuestion: Sendable, Equatable {
  public var stem: String
  public var choices: [String]
  /// Index into `choices`; nil where the answer is withheld.
  public var answer: Int?

  public init(stem: String, choices: [String], answer: Int?) {
    self.stem = stem
    self.choices = choices
    self.answer = answer
  }

  init(_ written: WrittenQuestion) {
    self.init(stem: written.stem, choices: written.choices, answer: 0)
  }
}
