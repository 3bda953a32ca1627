import Foundation

/// Finds what is wrong with a question without asking anybody.
public struct QuestionChecks: Sendable {
  /// Raised when the same question could get another verdict under the same settings.
  public static let version = 3
  /// The longest stem, choice or evidence, in characters.
  public static let longestText = ChoiceRules.longestText

  public let settings: CheckSettings
  private let rules: ChoiceRules

  public init(_ settings: CheckSettings = CheckSettings()) {
    self.settings = settings
    rules = ChoiceRules(
      choices: settings.choices, forbiddenTokens: settings.forbiddenTokens, metaPhrases: settings.metaPhrases)
  }

  /// The first thing that is wrong with a question, in a fixed order: what ``ChoiceRules`` call an error, then evidence
  /// and rationale.
  ///
  /// White space around its texts does not count. `captions` are those the writer saw; where they are given, the
  /// evidence must be a quotation from them; see ``EvidenceQuote``.
  public func verdict(for question: WrittenQuestion, captions: [String]? = nil) -> Verdict {
    verdict(for: question.normalised(), captions, clip: nil)
  }

  /// The same for a question about a clip of which more is known: its evidence must be quoted from the clip's captions,
  /// and what it claims must agree with the measurements, the labels and the captions.
  public func verdict(for question: WrittenQuestion, on clip: ClipEvidence) -> Verdict {
    verdict(for: question.normalised(), clip.captions, clip: clip)
  }

  private func verdict(for question: WrittenQuestion, _ captions: [String]?, clip: ClipEvidence?) -> Verdict {
    let first = rules.findings(in: ChoiceQuestion(question)).first { $0.severity == .error }
    let problem =
      first.map(Verdict.init) ?? support(question, captions)
      ?? clip?.finding(in: question).map(Verdict.init) ?? rationale(question)
    return problem ?? .accepted
  }

  /// The last sentence must hold the right answer, and no other choice beside it.
  private func rationale(_ question: WrittenQuestion) -> Verdict? {
    guard let text = question.rationale, !text.isEmpty else {
      return settings.needsRationale ? Verdict(code: .rationale, detail: "There is none.") : nil
    }
    guard text.count <= Self.longestText * 4 else {
      return Verdict(code: .rationale, detail: "\(text.count) characters; \(Self.longestText * 4) are allowed.")
    }
    if let token = rules.forbiddenToken(in: text) {
      return Verdict(code: .forbiddenToken, detail: "'\(token)' in the rationale.")
    }
    let choices = question.choices.map { words(in: $0) }
    let end = words(in: Self.lastSentence(of: text))
    guard end.contains(run: choices[0].withoutArticle()) else {
      return Verdict(code: .rationale, detail: "It ends in '\(shortened(Self.lastSentence(of: text)))'.")
    }
    guard let other = choices.dropFirst().firstIndex(where: { end.contains(run: $0.withoutArticle()) }) else {
      return nil
    }
    return Verdict(code: .rationale, detail: "Its end also names '\(shortened(question.choices[other]))'.")
  }

  /// Without tags behind it.
  private static func lastSentence(of text: String) -> String {
    let plain = text.replacing(/<\/?[A-Z]+>/, with: "\n")
    let sentences = plain.split { "\n!?".contains($0) }.flatMap { $0.split(separator: ". ") }
    return sentences.last { $0.contains(where: \.isLetter) || $0.contains(where: \.isNumber) }.map(String.init) ?? ""
  }

  private func support(_ question: WrittenQuestion, _ captions: [String]?) -> Verdict? {
    guard let captions else { return nil }
    if question.evidence.isEmpty { return Verdict(code: .unsupported, detail: "No evidence is quoted.") }
    guard question.evidence.count <= Self.longestText else {
      return Verdict(code: .schema, detail: "Evidence of \(question.evidence.count) characters.")
    }
    guard let missing = EvidenceQuote(question.evidence).missing(from: captions) else { return nil }
    return Verdict(code: .unsupported, detail: "No caption holds '\(shortened(missing))'.")
  }
}

extension Verdict {
  fileprivate init(_ finding: Finding) { self.init(code: finding.code, detail: finding.detail) }
}

/// A text for a message: its first 80 characters, line breaks as spaces.
func shortened(_ text: String) -> String {
  let line = text.prefix(81).map { $0.isNewline ? " " : $0 }
  return line.count > 80 ? String(line.prefix(79)) + "…" : String(line)
}
