import Foundation

/// A text as its code points. The rules that published scores come from are written in Python, whose texts are that;
/// Swift's `Character` would join a letter and the mark after it, and hold different code points for equal.
typealias CodePoints = [Unicode.Scalar]

extension Unicode.Scalar {
  /// What Python's `str.isspace` and `\s` hold for white space: 29 code points, four of them separators of old files.
  var isWhiteSpace: Bool {
    switch value {
    case 0x09...0x0D, 0x1C...0x20, 0x85, 0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000: true
    default: false
    }
  }

  /// What Python's `\w` holds for part of a word: letters, whatever has a numeric value, and `_`.
  var isPartOfWord: Bool {
    if isASCII { return isASCIIDigit || isASCIILetter || self == "_" }
    switch properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: return true
    default: return properties.numericType != nil
    }
  }

  var isASCIIDigit: Bool { (0x30...0x39).contains(value) }

  var isASCIILetter: Bool { (0x61...0x7A).contains(value | 0x20) && isASCII }

  /// The digit 0 to 9 that this is in any script, which is what Python's `\d` means.
  var decimalDigit: UInt8? {
    if isASCII { return isASCIIDigit ? UInt8(value - 0x30) : nil }
    guard properties.generalCategory == .decimalNumber, let number = properties.numericValue else { return nil }
    return UInt8(number)
  }

  var isPunctuation: Bool {
    switch properties.generalCategory {
    case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation,
      .finalPunctuation, .otherPunctuation:
      true
    default: false
    }
  }

  /// Whether the general category is a mark, a symbol or punctuation: M, S or P.
  var isMarkSymbolOrPunctuation: Bool {
    if isASCII { return !(isASCIIDigit || isASCIILetter || value <= 0x20 || value == 0x7F) }
    switch properties.generalCategory {
    case .nonspacingMark, .spacingMark, .enclosingMark, .mathSymbol, .currencySymbol, .modifierSymbol, .otherSymbol:
      return true
    default: return isPunctuation
    }
  }
}

extension String {
  init(_ points: some Sequence<Unicode.Scalar>) {
    var scalars = String.UnicodeScalarView()
    scalars.append(contentsOf: points)
    self = String(scalars)
  }

  /// The texts between white space, as Python's `split()` gives them.
  func splitAtWhiteSpace() -> [String] {
    unicodeScalars.split(whereSeparator: \.isWhiteSpace).map { String($0) }
  }

  var isASCII: Bool { utf8.allSatisfy { $0 < 0x80 } }

  /// Unicode's normalization form KD (`composed: false`) or KC.
  func compatibilityForm(composed: Bool) -> CodePoints {
    if isASCII { return CodePoints(unicodeScalars) }
    return CodePoints(
      (composed ? precomposedStringWithCompatibilityMapping : decomposedStringWithCompatibilityMapping).unicodeScalars)
  }
}

extension [Unicode.Scalar] {
  /// In lower case by Unicode's full mapping, the capital sigma at the end of a word as the final one.
  func lowercased() -> CodePoints {
    var lower = CodePoints()
    lower.reserveCapacity(count)
    for (index, point) in enumerated() {
      if point.isASCII {
        lower.append((0x41...0x5A).contains(point.value) ? Unicode.Scalar(UInt8(point.value) | 0x20) : point)
      } else if point == "\u{3A3}" {
        lower.append(endsWord(sigmaAt: index) ? "\u{3C2}" : "\u{3C3}")
      } else {
        lower.append(contentsOf: point.properties.lowercaseMapping.unicodeScalars)
      }
    }
    return lower
  }

  /// Final_Sigma of Unicode's SpecialCasing.txt.
  private func endsWord(sigmaAt index: Int) -> Bool {
    let before = self[..<index].last { !$0.properties.isCaseIgnorable }
    let after = self[(index + 1)...].first { !$0.properties.isCaseIgnorable }
    return before?.properties.isCased == true && after?.properties.isCased != true
  }

  /// With one space for each run of white space.
  func collapsingWhiteSpace() -> CodePoints {
    var collapsed = CodePoints()
    collapsed.reserveCapacity(count)
    var isAfterSpace = false
    for point in self {
      if !point.isWhiteSpace {
        collapsed.append(point)
      } else if !isAfterSpace {
        collapsed.append(" ")
      }
      isAfterSpace = point.isWhiteSpace
    }
    return collapsed
  }

  /// Whether a part of a word stands on one side of `index` only: Python's `\b`.
  func isWordBoundary(_ index: Int) -> Bool {
    (index > 0 && self[index - 1].isPartOfWord) != (index < count && self[index].isPartOfWord)
  }

  /// Whether `phrase` stands at `index`.
  func holds(_ phrase: CodePoints, at index: Int) -> Bool {
    guard index >= 0, index + phrase.count <= count else { return false }
    for offset in phrase.indices where self[index + offset] != phrase[offset] { return false }
    return true
  }
}
