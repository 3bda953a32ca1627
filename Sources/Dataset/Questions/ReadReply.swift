/// What a writer's reply held.
public struct ReadReply: Sendable, Equatable {
  /// The questions, and in their places those that could not be read.
  public var items: [ReadItem]
  /// Why there are no questions, or fewer than the writer meant to give; nil for a whole reply.
  public var problem: Verdict?
  /// Whether the reply was not the JSON asked for but held it.
  public var isSalvaged: Bool

  public init(items: [ReadItem] = [], problem: Verdict? = nil, isSalvaged: Bool = false) {
    self.items = items
    self.problem = problem
    self.isSalvaged = isSalvaged
  }

  public var questions: [WrittenQuestion] {
    items.compactMap { item in
      guard case .question(let question) = item else { return nil }
      return question
    }
  }
}

/// One entry of a reply's list.
public enum ReadItem: Sendable, Equatable {
  case question(WrittenQuestion)
  case unreadable(Verdict)
}

extension ReadItem {
  /// Reads an object with `question`, `correct` and `distractors`; `evidence`, `skill` and `difficulty` may be missing.
  init(_ value: JSONValue) {
    guard case .object = value else {
      self = .unreadable(Verdict(code: .schema, detail: "The item is \(value.kind), not an object."))
      return
    }
    do {
      self = .question(
        WrittenQuestion(
          stem: try ReadItem.text("question", value.member("question", "stem")),
          correct: try ReadItem.text("correct", value.member("correct", "answer", "correct_answer")),
          distractors: try ReadItem.texts("distractors", value.member("distractors", "incorrect", "wrong_answers")),
          evidence: try ReadItem.optionalText("evidence", value.member("evidence")) ?? "",
          skill: try ReadItem.optionalText("skill", value.member("skill")),
          difficulty: try ReadItem.optionalText("difficulty", value.member("difficulty")),
          rationale: try ReadItem.rationale(value.member("rationale"))
        ).normalised())
    } catch {
      self = .unreadable(Verdict(code: .schema, detail: error.detail))
    }
  }

  private struct WrongMember: Error {
    var detail: String
  }

  private static func text(_ name: String, _ value: JSONValue?) throws(WrongMember) -> String {
    guard let value else { throw WrongMember(detail: "'\(name)' is missing.") }
    guard case .string(let text) = value else { throw WrongMember(detail: "'\(name)' is \(value.kind), not text.") }
    guard text.count <= QuestionChecks.longestText else {
      throw WrongMember(detail: "'\(name)' has more than \(QuestionChecks.longestText) characters.")
    }
    return text
  }

  private static func optionalText(_ name: String, _ value: JSONValue?) throws(WrongMember) -> String? {
    guard let value, value != .null else { return nil }
    return try text(name, value)
  }

  /// One text, or the parts of a structured one in tags of their names, in the order of ``WrittenQuestion/rationaleParts``.
  private static func rationale(_ value: JSONValue?) throws(WrongMember) -> String? {
    guard case .object? = value else { return try optionalText("rationale", value) }
    var parts: [String] = []
    for name in WrittenQuestion.rationaleParts {
      let part = trimmed(try text("rationale.\(name)", value?.member(name)))
      parts.append("<\(name.uppercased())>\(part)</\(name.uppercased())>")
    }
    return parts.joined(separator: "\n")
  }

  private static func texts(_ name: String, _ value: JSONValue?) throws(WrongMember) -> [String] {
    guard let value else { throw WrongMember(detail: "'\(name)' is missing.") }
    guard let elements = value.elements else {
      throw WrongMember(detail: "'\(name)' is \(value.kind), not a list.")
    }
    guard elements.count <= ReplyReader.mostItems else {
      throw WrongMember(detail: "'\(name)' has \(elements.count) entries.")
    }
    var texts: [String] = []
    for element in elements { texts.append(try text("\(name)", element)) }
    return texts
  }
}
