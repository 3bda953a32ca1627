/// The choices of a question, as an answer may name them.
struct ChoiceTexts {
  private var texts: [String]
  private var caseless: [String]

  init(_ choices: [String]) {
    texts = choices.map(trimmed)
    caseless = texts.map { $0.lowercased() }
  }

  /// Whether two choices say the same, as some published questions repeat one.
  func areEqual(_ place: Int, _ other: Int) -> Bool { texts[place] == texts[other] }

  /// The choice with this text, in letters of any case where none has just it.
  func place(ofText text: String) -> Int? {
    texts.firstIndex(of: text) ?? caseless.firstIndex(of: text.lowercased())
  }

  /// The choice whose letter this is: `B` or `(B)` alone, or with `.`, `)`, `:` and perhaps a text after it.
  ///
  /// `nil` where that text is another choice's: the answer contradicts itself.
  func place(ofLetter answer: String) -> Int? {
    guard let (letter, rest) = Self.letter(answer.unicodeScalars[...]) else { return nil }
    let place = Int(letter.value & ~0x20) - 0x41
    guard texts.indices.contains(place) else { return nil }
    let named = self.place(ofText: trimmed(String(rest)))
    return named == nil || named.map { caseless[$0] == caseless[place] } == true ? place : nil
  }

  private static func letter(
    _ answer: Substring.UnicodeScalarView
  ) -> (letter: Unicode.Scalar, rest: Substring.UnicodeScalarView)? {
    var rest = answer
    let isInParentheses = rest.first == "("
    if isInParentheses { rest.removeFirst() }
    guard let letter = rest.popFirst(), letter.isASCII, letter.properties.isAlphabetic else { return nil }
    if isInParentheses {
      guard rest.popFirst() == ")" else { return nil }
      if rest.first == "." || rest.first == ":" { rest.removeFirst() }
    } else if let mark = rest.popFirst() {
      guard ".):".unicodeScalars.contains(mark) else { return nil }
    }
    // Not "A.M. radio", nor the article of "A dog".
    guard rest.first.map(\.properties.isWhitespace) ?? true else { return nil }
    return (letter, rest)
  }
}
