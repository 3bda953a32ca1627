import Foundation

/// A text that is a number and nothing else but its unit: "three", "2.5 seconds", "about 1,200 Hz", "4 to 6 dogs".
struct NumberPhrase: Equatable {
  let value: Double
  /// The other end of a range.
  let end: Double?
  let isInWords: Bool
  /// Digits behind the decimal point.
  let decimals: Int
  let hasSeparators: Bool
  /// What makes the number less exact: "about", "over"; empty where nothing does.
  let hedge: String
  /// What follows the number, in small letters and with one space between words; empty for a bare number.
  let noun: String

  /// The unit, where what follows is one.
  var unit: MeasureUnit? { MeasureUnit(noun) }

  private static let hedges: Set<String> = [
    "about", "approximately", "approx", "around", "roughly", "nearly", "almost", "circa", "ca", "over", "under", "~",
    "≈",
    "exactly", "precisely", "just",
  ]
  private static let mostNounWords = 3

  init?(_ text: String) {
    var tokens = NumberTokens.of(text)[...]
    hedge = Self.hedges.contains(tokens.first ?? "") ? String(tokens.removeFirst()) : ""
    guard let first = ReadNumber(&tokens) else { return nil }
    var last: ReadNumber?
    if let link = tokens.first, ["to", "-", "–", "—", "or"].contains(link) {
      var rest = tokens.dropFirst()
      guard let number = ReadNumber(&rest) else { return nil }
      (last, tokens) = (number, rest)
    }
    guard tokens.count <= Self.mostNounWords, !tokens.contains(where: { $0.first?.isNumber == true }) else {
      return nil
    }
    guard !tokens.contains(where: { ["-", "–", "—", "/", "#", ":"].contains($0) }) else { return nil }
    (value, end) = (first.value, last?.value)
    (isInWords, decimals, hasSeparators) = (first.isInWords, first.decimals, first.hasSeparators)
    noun = tokens.joined(separator: " ")
  }

  /// Whether it says that something is more or less than the number.
  var isBound: Bool { hedge == "over" || hedge == "under" }

  /// The number in the unit's base: seconds, hertz.
  var magnitude: Double { value * (unit?.scale ?? 1) }

  /// Whether both say the same of the same: "60 s" and "1 minute", "3" and "three".
  func says(sameAs other: NumberPhrase) -> Bool {
    guard end == nil, other.end == nil, hedge == other.hedge else { return false }
    guard unit?.quantity == other.unit?.quantity, unit != nil || noun == other.noun else { return false }
    return abs(magnitude - other.magnitude) <= 1e-9 * max(1, abs(magnitude))
  }
}

/// One number at the start of tokens.
private struct ReadNumber {
  var value = 0.0
  var isInWords = false
  var decimals = 0
  var hasSeparators = false

  /// Takes the tokens of the number away.
  init?(_ tokens: inout ArraySlice<String>) {
    var rest = tokens
    var sign = 1.0
    if let mark = rest.first, ["-", "+", "−"].contains(mark) {
      sign = mark == "+" ? 1 : -1
      rest.removeFirst()
    }
    guard let token = rest.first else { return nil }
    if token.first?.isASCIIDigit == true {
      let plain = token.replacing(",", with: "")
      guard let number = Double(plain), number.isFinite else { return nil }
      (value, hasSeparators) = (sign * number, plain != token)
      decimals = plain.firstIndex(of: ".").map { plain.distance(from: $0, to: plain.endIndex) - 1 } ?? 0
      rest.removeFirst()
    } else if let number = NumberWords.take(&rest) {
      (value, isInWords) = (sign * Double(number), true)
    } else {
      return nil
    }
    tokens = rest
  }
}

/// The tokens that numbers are read from: words in small letters, numbers with their separators and points, marks.
private enum NumberTokens {
  static func of(_ text: String) -> [String] {
    var tokens: [String] = []
    var rest = Substring(text.lowercased())
    while let first = rest.first {
      if first.isWhitespace || ".,;!?\"“”'’()".contains(first) {
        rest.removeFirst()
      } else if first.isASCIIDigit {
        tokens.append(number(&rest))
      } else if first.isLetter {
        let word = rest.prefix { $0.isLetter || $0 == "'" || $0 == "’" }
        tokens.append(String(word))
        rest = rest.dropFirst(word.count)
        // "twenty-one" is one number, "ten-day" is none: both are read on from the word behind the hyphen.
        if rest.first == "-", rest.dropFirst().first?.isLetter == true { rest.removeFirst() }
      } else {
        tokens.append(String(rest.removeFirst()))
      }
    }
    return tokens
  }

  private static func number(_ rest: inout Substring) -> String {
    var text = ""
    while let next = rest.first {
      let isInside = (next == "." || next == ",") && rest.dropFirst().first?.isASCIIDigit == true
      guard next.isASCIIDigit || isInside else { break }
      text.append(rest.removeFirst())
    }
    return text
  }
}

extension Character {
  fileprivate var isASCIIDigit: Bool { isASCII && isWholeNumber }
}
