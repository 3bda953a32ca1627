/// The rules of a question's choices against each other.
extension ChoiceRules {
  /// A letter in place of the right choice's text, or choices that bring letters or numbers of their own: both lose
  /// their meaning when the choices are put in another order.
  func pointer(_ question: ParsedQuestion) -> Finding? {
    if let (right, wrong) = question.parts {
      // A bare "a" may be the word, as where a choice is one word of what is said.
      let isText = { (choice: ParsedChoice) in
        choice.text.utf8.count > 3 && (choice.words.withoutArticle().first?.utf8.count ?? 0) > 1
      }
      if let mark = ChoiceMark(right.text), mark.isWhole, mark.isLetter, right.text != "a", wrong.allSatisfy(isText) {
        return Finding(.answerNotInChoices, "The answer is '\(right.text)'.")
      }
    }
    let marks = question.texts.compactMap(ChoiceMark.init).filter { !$0.isWhole }.map(\.symbol)
    guard marks.count == question.choices.count, ChoiceMark.isRow(marks) else { return nil }
    return Finding(.answerNotInChoices, "The choices carry marks, as in '\(shortened(question.texts[0]))'.")
  }

  /// The same words but for case, punctuation, spaces and an article, or the same number.
  func sameChoice(_ question: ParsedQuestion) -> Finding? {
    question.firstPair { one, other in
      let sameWords = !one.words.isEmpty && one.words.withoutArticle() == other.words.withoutArticle()
      let sameLetters = one.letters.utf8.count > 5 && one.letters == other.letters
      let sameNumber = one.number.flatMap { number in other.number.map(number.says(sameAs:)) } ?? false
      guard one.text.lowercased() == other.text.lowercased() || sameWords || sameLetters || sameNumber else {
        return nil
      }
      return Finding(.duplicateChoice, "'\(shortened(one.text))' and '\(shortened(other.text))'.")
    }
  }

  /// Numbers stand apart by what they say, "twenty" and "twenty-one", and so does what denies the other: "not drunk".
  func overlap(_ question: ParsedQuestion) -> Finding? {
    question.firstPair { one, other in
      if (one.number != nil && other.number != nil) || one.words == other.words { return nil }
      for (inner, outer) in [(one, other), (other, one)] where outer.words.contains(run: inner.words) {
        if outer.denies(inner) { continue }
        return Finding(.choiceOverlap, "'\(shortened(inner.text))' is in '\(shortened(outer.text))'.")
      }
      return nil
    }
  }

  func ambiguity(_ question: ParsedQuestion) -> Finding? {
    guard let answer = question.answer else { return nil }
    let right = question.texts[answer]
    let doubtful = MMAUMatcher.ambiguity(choices: question.texts, answer: right)
    guard let first = doubtful.first else { return nil }
    let what = first == right ? "is never counted as right" : "is counted as right too"
    return Finding(.scorerAmbiguous, "'\(shortened(first))' \(what).")
  }

  /// A choice that speaks of the others: "all of the above", "both A and B".
  func otherChoices(_ question: ParsedQuestion) -> Finding? {
    for choice in question.choices {
      let match = Self.wholePhrases.contains { $0.match(in: choice.words)?.count == choice.words.count }
      if match { return Finding(.otherChoices, "'\(shortened(choice.text))'.") }
    }
    // Where others have letters as well, they name notes or shapes.
    let joined = question.choices.filter { isJoinedLetters($0.words, count: question.choices.count) }
    let lettered = question.choices.count { $0.words.contains { $0.utf8.count == 1 && $0.utf8[0] > 0x61 } }
    guard let first = joined.first, lettered <= joined.count,
      2 * joined.count < question.choices.count
    else { return nil }
    return Finding(.otherChoices, "'\(shortened(first.text))'.")
  }

  private static let wholePhrases: [MetaPhrase] = [
    "all|none|any|neither|either|both of? the? above only?",
    "all|none|neither|both of? the above choices|options|answers",
    "all|none|any|neither|either|both of these", "all these|above",
    "all|none|any|neither|either of? the other|others|remaining|given|listed|previous? choices|options|answers",
    "all|none|neither|either|both choices|options|answers are? correct|right|wrong?",
    "all|none|neither|both of? them|these|above? are|is correct|right|wrong|true|false",
    "all|none|both are|is? correct|true",
    "all|none of? the others|rest", "more than one of the above", "two of the above",
    "no correct|right answer|option|choice",
    "the? above all",
  ].map(MetaPhrase.init)

  /// "Both A and C", "A and B only", "options B & D": letters of choices there are.
  private func isJoinedLetters(_ words: [Word], count: Int) -> Bool {
    let texts = words.map { String(decoding: $0.utf8, as: UTF8.self) }
    let frame: Set<String> = [
      "both", "and", "or", "only", "option", "options", "choice", "choices", "answers", "either",
    ]
    let letters = texts.filter { !frame.contains($0) }
    guard letters.count >= 2, texts.count > 2 || texts.contains("both") else { return false }
    return letters.allSatisfy { text in
      guard text.utf8.count == 1, let byte = text.utf8.first, byte >= 0x61 else { return false }
      return Int(byte) - 0x61 < count
    }
  }
}

extension ParsedChoice {
  /// The words in one piece.
  fileprivate var letters: String { String(decoding: words.flatMap(\.utf8), as: UTF8.self) }

  /// Whether this is the other choice with nothing but a negation added.
  func denies(_ other: ParsedChoice) -> Bool {
    guard let place = words.place(of: other.words) else { return false }
    let added = words[..<place] + words[(place + other.words.count)...]
    let texts = added.map { String(decoding: $0.utf8, as: UTF8.self) }
    return texts.contains(where: ["not", "no", "don", "doesn", "didn", "isn", "never", "cannot"].contains)
      && texts.allSatisfy(Self.negating.contains)
  }

  private static let negating: Set<String> = [
    "not", "no", "don", "doesn", "didn", "isn", "t", "do", "does", "did", "is", "are", "was", "were", "never", "cannot",
    "can",
  ]
}

/// What numbers a choice: `B`, `(B)`, `b.`, `2)`, `2:`, alone or before the choice's text.
private struct ChoiceMark {
  /// In capitals.
  let symbol: UInt8
  /// Whether nothing follows.
  let isWhole: Bool

  init?(_ text: String) {
    var rest = text.utf8[...]
    let isOpened = rest.first == UInt8(ascii: "(")
    if isOpened { rest.removeFirst() }
    guard var symbol = rest.popFirst() else { return nil }
    if (0x61...0x68).contains(symbol) { symbol &= 0xDF }
    guard (0x41...0x48).contains(symbol) || (0x31...0x38).contains(symbol) else { return nil }
    let isClosed = rest.first.map { ")".utf8.contains($0) || !isOpened && ".:".utf8.contains($0) } ?? false
    if isClosed { rest.removeFirst() }
    guard isClosed ? rest.first ?? 0x20 == 0x20 : rest.isEmpty && !isOpened else { return nil }
    self.symbol = symbol
    isWhole = rest.isEmpty
  }

  var isLetter: Bool { symbol >= 0x41 }

  /// Whether the symbols are the first letters or numbers, each once: initials of names are not.
  static func isRow(_ symbols: [UInt8]) -> Bool {
    let row = UInt8(clamping: symbols.count)
    let sorted = symbols.sorted()
    return sorted.elementsEqual(0x41..<(0x41 + row)) || sorted.elementsEqual(0x31..<(0x31 + row))
  }
}
