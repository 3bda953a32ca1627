/// The normalization of texts in any language that Whisper's word error rates are counted after: lower case, nothing
/// in brackets, a space for each run of marks, symbols and punctuation.
///
/// Gives what `BasicTextNormalizer` of openai-whisper 20250625 gives, spaces at the ends included.
public struct WhisperBasicNormalizer: Sendable, Equatable {
  /// Whether accents go and letters like "ø" become plain ones; else they stay.
  public var removesDiacritics: Bool
  /// Whether each letter becomes a word, as for languages written without spaces.
  public var splitsLetters: Bool

  public init(removesDiacritics: Bool = false, splitsLetters: Bool = false) {
    self.removesDiacritics = removesDiacritics
    self.splitsLetters = splitsLetters
  }

  public func normalize(_ text: String) -> String {
    let plain = CodePoints(text.unicodeScalars).lowercased().withoutBracketedParts()
    var clean = removesDiacritics ? plain.withoutSymbolsAndDiacritics(keeping: []) : plain.withoutSymbols()
    clean = clean.lowercased()
    if splitsLetters {
      clean = CodePoints(String(clean).map(String.init).joined(separator: " ").unicodeScalars)
    }
    return String(clean.collapsingWhiteSpace())
  }
}

extension [Unicode.Scalar] {
  /// Without what stands between `<` or `[` and the next `>` or `]`, and between `(` and the next `)`.
  func withoutBracketedParts() -> CodePoints {
    without(from: ["<", "["], to: [">", "]"], least: 0).without(from: ["("], to: [")"], least: 1)
  }

  /// Without the parts that begin at one of `openers`, go on for `least` code points or more that are none of
  /// `closers`, and end at one of these.
  private func without(from openers: CodePoints, to closers: CodePoints, least: Int) -> CodePoints {
    guard contains(where: openers.contains) else { return self }
    var kept = CodePoints()
    var index = 0
    var closer = 0
    while index < count {
      if openers.contains(self[index]) {
        closer = Swift.max(closer, index + 1)
        while closer < count, !closers.contains(self[closer]) { closer += 1 }
        if closer < count, closer - index > least {
          index = closer + 1
          continue
        }
      }
      kept.append(self[index])
      index += 1
    }
    return kept
  }

  /// In form KC, with a space for each mark, symbol and punctuation.
  func withoutSymbols() -> CodePoints {
    String(self).compatibilityForm(composed: true).map { $0.isMarkSymbolOrPunctuation ? " " : $0 }
  }

  /// In form KD, without diacritics, and with a space for each other mark, symbol and punctuation but those of `kept`.
  func withoutSymbolsAndDiacritics(keeping kept: Set<Unicode.Scalar>) -> CodePoints {
    var clean = CodePoints()
    for point in String(self).compatibilityForm(composed: false) {
      if kept.contains(point) {
        clean.append(point)
      } else if let letters = plainLetters[point] {
        clean.append(contentsOf: letters.unicodeScalars)
      } else if point.isASCII || point.properties.generalCategory != .nonspacingMark {
        clean.append(point.isMarkSymbolOrPunctuation ? " " : point)
      }
    }
    return clean
  }
}

/// Letters whose strokes and joins are no marks to Unicode, and what Whisper writes for them.
private let plainLetters: [Unicode.Scalar: String] = [
  "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O", "æ": "ae", "Æ": "AE", "ß": "ss", "ẞ": "SS", "đ": "d", "Đ": "D",
  "ð": "d", "Ð": "D", "þ": "th", "Þ": "th", "ł": "l", "Ł": "L",
]
