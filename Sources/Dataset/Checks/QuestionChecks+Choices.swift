/// The checks of a question's choices against each other.
extension QuestionChecks {
  /// A letter in place of the right choice's text, or choices that bring letters or numbers of their own: both lose
  /// their meaning when the choices are put in another order.
  func pointer(_ question: WrittenQuestion, _ choices: [[Word]]) -> Verdict? {
    let others = zip(question.distractors, choices.dropFirst())
    // A bare "a" may be the word, as where a choice is one word of what is said.
    if let mark = ChoiceMark(question.correct), mark.isWhole, mark.isLetter, question.correct != "a",
      others.allSatisfy({ text, words in text.utf8.count > 3 && (words.withoutArticle().first?.utf8.count ?? 0) > 1 })
    {
      return Verdict(code: .answerNotInChoices, detail: "The answer is '\(question.correct)'.")
    }
    let marks = question.choices.compactMap(ChoiceMark.init).filter { !$0.isWhole }.map(\.symbol)
    guard marks.count == choices.count, ChoiceMark.isRow(marks) else { return nil }
    return Verdict(
      code: .answerNotInChoices, detail: "The choices carry marks, as in '\(shortened(question.correct))'.")
  }

  func sameChoice(_ question: WrittenQuestion, _ choices: [[Word]]) -> Verdict? {
    firstPair { one, other in
      let texts = (question.choices[one], question.choices[other])
      guard texts.0.lowercased() == texts.1.lowercased() || (!choices[one].isEmpty && choices[one] == choices[other])
      else { return nil }
      return Verdict(code: .duplicateChoice, detail: "'\(shortened(texts.0))' and '\(shortened(texts.1))'.")
    }
  }

  func overlap(_ question: WrittenQuestion, _ choices: [[Word]]) -> Verdict? {
    firstPair { one, other in
      for (inner, outer) in [(one, other), (other, one)] where choices[outer].contains(run: choices[inner]) {
        let texts = (question.choices[inner], question.choices[outer])
        return Verdict(code: .choiceOverlap, detail: "'\(shortened(texts.0))' is in '\(shortened(texts.1))'.")
      }
      return nil
    }
  }

  func ambiguity(_ question: WrittenQuestion) -> Verdict? {
    let doubtful = MMAUMatcher.ambiguity(choices: question.choices, answer: question.correct)
    guard let first = doubtful.first else { return nil }
    let what = first == question.correct ? "is never counted as right" : "is counted as right too"
    return Verdict(code: .scorerAmbiguous, detail: "'\(shortened(first))' \(what).")
  }

  private func firstPair(_ problem: (Int, Int) -> Verdict?) -> Verdict? {
    for one in 0..<settings.choices {
      for other in one + 1..<settings.choices {
        if let verdict = problem(one, other) { return verdict }
      }
    }
    return nil
  }
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
