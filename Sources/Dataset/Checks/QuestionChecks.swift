import Foundation

/// Finds what is wrong with a question without asking anybody.
public struct QuestionChecks: Sendable {
  /// Raised when the same question could get another verdict under the same settings.
  public static let version = 2
  /// The longest stem, choice or evidence, in characters.
  public static let longestText = 4000

  public let settings: CheckSettings
  private let forbidden: [[UInt8]]
  private let phrases: [MetaPhrase]

  public init(_ settings: CheckSettings = CheckSettings()) {
    self.settings = settings
    forbidden = settings.forbiddenTokens.map { Array($0.lowercased().utf8) }
    phrases = settings.metaPhrases.map(MetaPhrase.init)
  }

  /// The first thing that is wrong with a question, in a fixed order: form, tokens, choices, stem, wording, evidence,
  /// rationale.
  ///
  /// White space around its texts does not count. `captions` are those the writer saw; where they are given, the
  /// evidence must be a quotation from one of them, in capitals or not.
  public func verdict(for question: WrittenQuestion, captions: [String]? = nil) -> Verdict {
    let question = question.normalised()
    let stem = words(in: question.stem)
    let choices = question.choices.map { words(in: $0) }
    let problem =
      form(question) ?? forbiddenText(question) ?? pointer(question, choices) ?? sameChoice(question, choices)
      ?? overlap(question, choices) ?? ambiguity(question) ?? leak(question, stem, choices[0])
      ?? metaText(question, [stem] + choices) ?? support(question, captions) ?? rationale(question, choices)
    return problem ?? .accepted
  }

  private func form(_ question: WrittenQuestion) -> Verdict? {
    if question.stem.isEmpty { return Verdict(code: .schema, detail: "The question is empty.") }
    if question.choices.contains("") { return Verdict(code: .schema, detail: "A choice is empty.") }
    if question.choices.count != settings.choices {
      return Verdict(code: .schema, detail: "\(question.choices.count) choices, not \(settings.choices).")
    }
    let longest = (question.choices + [question.stem, question.evidence]).map(\.count).max() ?? 0
    guard longest > Self.longestText else { return nil }
    return Verdict(code: .schema, detail: "A text of \(longest) characters; \(Self.longestText) are allowed.")
  }

  private func forbiddenText(_ question: WrittenQuestion) -> Verdict? {
    for text in [question.stem] + question.choices {
      if let scalar = text.unicodeScalars.first(where: breaksLines) {
        let code = String(scalar.value, radix: 16, uppercase: true)
        let padded = String(repeating: "0", count: max(0, 4 - code.count)) + code
        return Verdict(code: .forbiddenToken, detail: "The character U+\(padded) in '\(shortened(text))'.")
      }
      let bytes = Array(text.lowercased().utf8)
      if let token = forbidden.firstIndex(where: { holds(bytes, $0) }) {
        let detail = "'\(settings.forbiddenTokens[token])' in '\(shortened(text))'."
        return Verdict(code: .forbiddenToken, detail: detail)
      }
    }
    return nil
  }

  private func leak(_ question: WrittenQuestion, _ stem: [Word], _ answer: [Word]) -> Verdict? {
    guard stem.contains(run: answer.withoutArticle()) else { return nil }
    return Verdict(code: .leakedAnswer, detail: "The question holds '\(shortened(question.correct))'.")
  }

  private func metaText(_ question: WrittenQuestion, _ texts: [[Word]]) -> Verdict? {
    for text in texts {
      for phrase in phrases {
        guard let found = phrase.match(in: text) else { continue }
        let said = found.map { String(decoding: $0.utf8, as: UTF8.self) }.joined(separator: " ")
        return Verdict(code: .metaText, detail: "'\(shortened(said))'.")
      }
    }
    return nil
  }

  /// The last sentence must hold the right answer, and no other choice beside it.
  private func rationale(_ question: WrittenQuestion, _ choices: [[Word]]) -> Verdict? {
    guard let text = question.rationale, !text.isEmpty else {
      return settings.needsRationale ? Verdict(code: .rationale, detail: "There is none.") : nil
    }
    guard text.count <= Self.longestText * 4 else {
      return Verdict(code: .rationale, detail: "\(text.count) characters; \(Self.longestText * 4) are allowed.")
    }
    let bytes = Array(text.lowercased().utf8)
    if let token = forbidden.firstIndex(where: { holds(bytes, $0) }) {
      return Verdict(code: .forbiddenToken, detail: "'\(settings.forbiddenTokens[token])' in the rationale.")
    }
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
    let quoted = words(in: question.evidence)
    if !quoted.isEmpty, captions.contains(where: { words(in: $0).contains(run: quoted) }) { return nil }
    return Verdict(code: .unsupported, detail: "No caption holds '\(shortened(question.evidence))'.")
  }
}

private func breaksLines(_ scalar: Unicode.Scalar) -> Bool {
  switch scalar.properties.generalCategory {
  case .control, .lineSeparator, .paragraphSeparator: true
  default: false
  }
}

private func holds(_ text: [UInt8], _ part: [UInt8]) -> Bool {
  guard let first = part.first, part.count <= text.count else { return false }
  return (0...(text.count - part.count)).contains {
    text[$0] == first && text[$0..<($0 + part.count)].elementsEqual(part)
  }
}

/// A text for a message: its first 80 characters, line breaks as spaces.
func shortened(_ text: String) -> String {
  let line = text.prefix(81).map { $0.isNewline ? " " : $0 }
  return line.count > 80 ? String(line.prefix(79)) + "…" : String(line)
}
