/// The rules that find a right answer which stands out among its choices by the way it is written.
extension ChoiceRules {
  /// An answer of 2.25 times the length of every other choice, or of 0.4 times, and by three words; one of twice the
  /// length is worth a look.
  func lengthCue(_ question: ParsedQuestion) -> Finding? {
    guard let (right, wrong) = question.parts, wrong.count > 1 else { return nil }
    let others = wrong.map(\.length)
    guard let longest = others.max(), let shortest = others.min() else { return nil }
    let most = wrong.map(\.words.count).max() ?? 0
    let fewest = wrong.map(\.words.count).min() ?? 0
    if right.length >= 2 * longest, right.length - longest >= 15, right.words.count >= most + 3 {
      let isPlain = 4 * right.length >= 9 * longest && right.length - longest >= 18
      return Finding(
        .lengthCue, "\(right.length) characters; the others have at most \(longest).",
        severity: isPlain ? .error : .warning)
    }
    if shortest * 2 >= right.length * 5, shortest - right.length >= 18, fewest >= right.words.count + 3 {
      return Finding(.lengthCue, "\(right.length) characters; the others have at least \(shortest).")
    }
    return nil
  }

  /// Numbers of which the answer alone has another unit, or alone has one.
  func unitCue(_ question: ParsedQuestion) -> Finding? {
    guard let (right, wrong) = question.parts, wrong.count > 1, let number = right.number else { return nil }
    let others = wrong.compactMap(\.number)
    guard others.count == wrong.count, let other = others.first else { return nil }
    let shared = Set(others.map(\.unitName))
    guard shared.count == 1, let common = shared.first, common != number.unitName else { return nil }
    // What is counted may differ in words; a unit may not.
    guard number.unit != nil || other.unit != nil || number.noun.isEmpty || other.noun.isEmpty else { return nil }
    return Finding(.unitCue, "'\(shortened(right.text))' among '\(shortened(wrong[0].text))' and the like.")
  }

  /// Numbers of which the answer alone is spelt in another way: in words, with decimals, with a separator, with
  /// "about", as a range. One that is exact among round ones is worth a look.
  func numberCue(_ question: ParsedQuestion) -> Finding? {
    guard let (right, wrong) = question.parts, wrong.count > 1, let number = right.number else { return nil }
    let others = wrong.compactMap(\.number)
    guard others.count == wrong.count else { return nil }
    func stands(_ property: (NumberPhrase) -> String) -> Bool {
      let shared = Set(others.map(property))
      return shared.count == 1 && !shared.contains(property(number))
    }
    let isExact =
      others.count > 2 && number.value.truncatingRemainder(dividingBy: 10) != 0
      && others.allSatisfy { $0.value != 0 && $0.value.truncatingRemainder(dividingBy: 10) == 0 }
    let isOther =
      stands { $0.isInWords ? "words" : "digits" } || stands { "\($0.decimals)" } || stands { $0.hedge }
      || stands { $0.end == nil ? "one" : "range" }
      || (number.hasSeparators != others[0].hasSeparators && separatorStands(number, others))
    guard isOther || isExact else { return nil }
    return Finding(
      .numberCue, "'\(shortened(right.text))' among '\(shortened(wrong[0].text))' and the like.",
      severity: isOther ? .error : .warning)
  }

  /// Separators tell nothing where a number has no thousands.
  private func separatorStands(_ number: NumberPhrase, _ others: [NumberPhrase]) -> Bool {
    ([number] + others).allSatisfy { abs($0.value) >= 1000 } && Set(others.map(\.hasSeparators)).count == 1
  }

  /// Capitals or an end mark that the answer alone has, or alone has not.
  func styleCue(_ question: ParsedQuestion) -> Finding? {
    guard let (right, wrong) = question.parts, wrong.count > 2 else { return nil }
    for property in [Self.endsInStop, Self.beginsWithCapital, Self.isAllCapitals, Self.isQuoted] {
      let others = wrong.compactMap { property($0.text) }
      guard let own = property(right.text), others.count == wrong.count, Set(others).count == 1, own != others[0] else {
        continue
      }
      return Finding(
        .styleCue, "'\(shortened(right.text))' among '\(shortened(wrong[0].text))' and the like.", severity: .warning)
    }
    return nil
  }

  private static func endsInStop(_ text: String) -> Bool? { text.hasSuffix(".") && !text.hasSuffix("..") }

  /// Nil where case means something else: for names of one letter, or no letter at all.
  private static func beginsWithCapital(_ text: String) -> Bool? {
    guard let first = text.first(where: { $0.isLetter || $0.isNumber }), first.isCased, text.count > 2 else {
      return nil
    }
    return first.isUppercase
  }

  private static func isAllCapitals(_ text: String) -> Bool? {
    let letters = text.filter(\.isCased)
    return letters.count < 4 ? nil : letters.allSatisfy(\.isUppercase)
  }

  private static func isQuoted(_ text: String) -> Bool? {
    guard text.count > 2, let first = text.first, let last = text.last else { return nil }
    return "\"“'‘".contains(first) && "\"”'’".contains(last)
  }
}

extension NumberPhrase {
  /// The unit by its one name; a noun without its ending; "" for a bare number.
  fileprivate var unitName: String { unit?.name ?? ContentWords(noun).stems.joined(separator: " ") }
}
