/// What can be wrong with a question and its choices, found from their words alone. The `check` stage throws out what
/// these rules call an error, and `earshot lint` reports what they find in any set. `docs/checks.md` has each rule with
/// what it finds and what it lets pass.
public struct ChoiceRules: Sendable {
  /// The longest stem or choice, in characters.
  public static let longestText = 4000

  /// How many choices a question must have; nil for any number from 2 on.
  public let choices: Int?
  /// Texts that trainers read as their own tokens; no question holds one, in capitals or not.
  public let forbiddenTokens: [String]
  private let forbidden: [[UInt8]]
  private let phrases: [MetaPhrase]

  public init(
    choices: Int? = nil, forbiddenTokens: [String] = CheckSettings.usualForbiddenTokens,
    metaPhrases: [String] = CheckSettings.usualMetaPhrases
  ) {
    self.choices = choices
    self.forbiddenTokens = forbiddenTokens
    forbidden = forbiddenTokens.map { Array($0.lowercased().utf8) }
    phrases = metaPhrases.map(MetaPhrase.init)
  }

  /// Everything that is wrong, in a fixed order: form, tokens, choices, stem, wording, cues. Where the form is wrong,
  /// nothing else is looked at. Rules about the answer are passed over where it is withheld.
  public func findings(in question: ChoiceQuestion) -> [Finding] {
    if let problem = form(question) { return [problem] }
    let parsed = ParsedQuestion(question)
    let rules = [
      forbiddenText, pointer, sameChoice, overlap, ambiguity, otherChoices, leak, metaText, articleCue, unitCue,
      numberCue, styleCue, lengthCue,
    ]
    return rules.compactMap { $0(parsed) }
  }

  private func form(_ question: ChoiceQuestion) -> Finding? {
    if trimmed(question.stem).isEmpty { return Finding(.schema, "The question is empty.") }
    if question.choices.contains(where: { trimmed($0).isEmpty }) { return Finding(.schema, "A choice is empty.") }
    guard choices.map({ $0 == question.choices.count }) ?? (question.choices.count >= 2) else {
      return Finding(.schema, "\(question.choices.count) choices, not \(choices.map(String.init) ?? "2 or more").")
    }
    let longest = (question.choices + [question.stem]).map(\.count).max() ?? 0
    guard longest > Self.longestText else { return nil }
    return Finding(.schema, "A text of \(longest) characters; \(Self.longestText) are allowed.")
  }

  private func forbiddenText(_ question: ParsedQuestion) -> Finding? {
    for text in [question.stem] + question.texts {
      if let problem = forbiddenText(text) { return problem }
    }
    return nil
  }

  /// A character or token that no text may hold.
  func forbiddenText(_ text: String) -> Finding? {
    if let scalar = text.unicodeScalars.first(where: isUnusable) {
      let code = String(scalar.value, radix: 16, uppercase: true)
      let padded = String(repeating: "0", count: max(0, 4 - code.count)) + code
      return Finding(.forbiddenToken, "The character U+\(padded) in '\(shortened(text))'.")
    }
    guard let token = forbiddenToken(in: text) else { return nil }
    return Finding(.forbiddenToken, "'\(token)' in '\(shortened(text))'.")
  }

  func forbiddenToken(in text: String) -> String? {
    let bytes = Array(text.lowercased().utf8)
    return forbidden.firstIndex { holds(bytes, $0) }.map { forbiddenTokens[$0] }
  }

  private func metaText(_ question: ParsedQuestion) -> Finding? {
    for text in [question.stemWords] + question.choices.map(\.words) {
      for phrase in phrases {
        guard let found = phrase.match(in: text) else { continue }
        let said = found.map { String(decoding: $0.utf8, as: UTF8.self) }.joined(separator: " ")
        return Finding(.metaText, "'\(shortened(said))'.")
      }
    }
    return nil
  }
}

/// Control characters, line and paragraph separators; what is left of broken or invisible text: replacement characters,
/// byte order marks, zero-width spaces, and marks that turn the direction of writing.
private func isUnusable(_ scalar: Unicode.Scalar) -> Bool {
  switch scalar.value {
  case 0x200B, 0x202A...0x202E, 0x2066...0x2069, 0xFEFF, 0xFFFC, 0xFFFD: return true
  default: break
  }
  return switch scalar.properties.generalCategory {
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
