/// The choice that an answer names by its letter.
public enum ChoiceLetter {
  /// The place of the choice that `output` names by one letter, the choices being in the order shown; nil where it names
  /// none, several, or one beside the words of another.
  ///
  /// Read are a letter alone ("B", "b."), one before text ("(B) dog", "B: dog"), and one after "answer", "option" or
  /// "choice", also with "is" between. A capital A or I before a word is a word itself.
  public static func place(in output: String, choices: [String]) -> Int? {
    let text = LetterText(output, choices: choices.count)
    guard let named = text.leading ?? text.announced, choices.indices.contains(named.place) else { return nil }
    if isSame(bare(text.after(named)), bare(choices[named.place])) { return named.place }
    guard !saysAnother(output, than: choices[named.place], choices), text.letters.allSatisfy({ $0 == named.place })
    else { return nil }
    return named.place
  }

  /// Whether the text has the words of another choice, and not those of `choice`. The letter "A" says another where a
  /// choice is just that.
  private static func saysAnother(_ output: String, than choice: String, _ choices: [String]) -> Bool {
    let said = bare(output)
    let others = choices.map(bare).filter { !isSame($0, bare(choice)) }
    if others.contains(where: { isSame($0, said) }) { return true }
    return !said.contains(bare(choice)) && others.contains { $0.count > 1 && said.contains($0) }
  }

  /// In small letters, without white space around it and a full stop at the end.
  private static func bare(_ text: String) -> String {
    let small = stripped(text).lowercased()
    return small.hasSuffix(".") ? stripped(String(small.dropLast())) : small
  }
}

/// An answer as characters among which letters stand alone.
private struct LetterText {
  struct Named {
    var place: Int
    /// Where the text after the letter and its marks begins.
    var end: Int
  }

  private let scalars: [Unicode.Scalar]
  private let count: Int

  private static let opening = Set("([\"'\u{201C}\u{2018}".unicodeScalars)
  private static let closing = Set(")]\"'\u{201D}\u{2019}.:,;-".unicodeScalars)
  private static let announcements: Set<String> = ["answer", "option", "choice"]
  private static let verbs: Set<String> = ["is", "be", "would", "should", "must"]

  /// Without white space around it, and without the asterisks of bold type.
  init(_ output: String, choices: Int) {
    scalars = stripped(output).unicodeScalars.filter { $0 != "*" }
    count = min(choices, 26)
  }

  func after(_ named: Named) -> String { String(String.UnicodeScalarView(scalars[named.end...])) }

  /// The letter that the text begins with, if it is alone or marked off from the rest.
  var leading: Named? {
    let start = scalars.first.map(Self.opening.contains) == true ? 1 : 0
    guard let place = letter(at: start, anyCase: true) else { return nil }
    let end = skipMarks(from: start + 1)
    let isAlone = end == scalars.count || scalars[end] == "\n"
    let isMarked = end > start + 1 && (start == 1 || isAlone || scalars[end].properties.isWhitespace)
    return isAlone || isMarked ? Named(place: place, end: end) : nil
  }

  /// The first letter after words that announce one.
  var announced: Named? {
    for index in scalars.indices {
      guard let place = letter(at: index, anyCase: false), !isWord(at: index) else { continue }
      var (word, start) = self.word(before: index)
      while Self.verbs.contains(word), start > 0 { (word, start) = self.word(before: start) }
      if start < index, Self.announcements.contains(word) {
        return Named(place: place, end: skipMarks(from: index + 1))
      }
    }
    return nil
  }

  /// The places of all capital letters that stand alone.
  var letters: [Int] {
    scalars.indices.compactMap { isWord(at: $0) ? nil : letter(at: $0, anyCase: false) }
  }

  /// The letter at an index, where it stands alone and is that of a choice.
  private func letter(at index: Int, anyCase: Bool) -> Int? {
    guard scalars.indices.contains(index) else { return nil }
    let value = scalars[index].value
    let place = Int(anyCase && (0x61...0x7A).contains(value) ? value - 0x20 : value) - 0x41
    return (0..<count).contains(place) && !isJoined(index, by: -1) && !isJoined(index, by: 1) ? place : nil
  }

  /// Whether the character beside an index makes a word or a note's name with it: "As", "A's", "C#".
  private func isJoined(_ index: Int, by step: Int) -> Bool {
    let beside = index + step
    guard scalars.indices.contains(beside) else { return false }
    switch scalars[beside] {
    case "_", "#", "\u{266D}", "\u{266F}": return true
    case "'", "\u{2019}":
      return scalars.indices.contains(beside + step) && scalars[beside + step].properties.isAlphabetic
    case let scalar: return scalar.properties.isAlphabetic || scalar.properties.numericType != nil
    }
  }

  /// Whether "A" or "I" stands before a word, as a word.
  private func isWord(at index: Int) -> Bool {
    guard scalars[index] == "A" || scalars[index] == "I", index + 2 < scalars.count else { return false }
    return scalars[index + 1] == " " && scalars[index + 2].properties.isAlphabetic
  }

  /// The word that ends before an index, in small letters, with nothing but space, a colon or an opening mark between;
  /// and where it starts.
  private func word(before index: Int) -> (word: String, start: Int) {
    var end = index
    while end > 0, isGap(scalars[end - 1]) { end -= 1 }
    var start = end
    while start > 0, scalars[start - 1].properties.isAlphabetic { start -= 1 }
    return (String(String.UnicodeScalarView(scalars[start..<end])).lowercased(), start)
  }

  private func isGap(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isWhitespace || scalar == ":" || Self.opening.contains(scalar)
  }

  private func skipMarks(from index: Int) -> Int {
    var index = index
    if index + 1 < scalars.count, scalars[index] == " ", scalars[index + 1] == "-" || scalars[index + 1] == ":" {
      index += 1
    }
    while index < scalars.count, Self.closing.contains(scalars[index]) { index += 1 }
    return index
  }
}
