/// The normalization of English that Whisper's word error rates are counted after: contractions and titles written out,
/// numbers and money in digits, American spelling, no punctuation.
///
/// Gives what `EnglishTextNormalizer` of openai-whisper 20250625 gives, its oddities and the spaces at the ends
/// included; where that stops (numbers of more than 4,300 digits) this goes on.
public struct WhisperEnglishNormalizer: Sendable, Equatable {
  public init() {}

  public func normalize(_ text: String) -> String {
    var points = CodePoints(text.unicodeScalars).lowercased().withoutBracketedParts()
    points = EnglishContractions.withoutFillers(points)
    points = EnglishContractions.writtenOut(withoutSpacesBeforeApostrophes(points))
    points = withoutIdlePoints(withoutCommasInNumbers(points))
    points = points.withoutSymbolsAndDiacritics(keeping: [".", "%", "$", "¢", "€", "£"])
    let words = String(EnglishNumberSpelling.normalize(points)).splitAtWhiteSpace().map(BritishSpelling.american)
    points = CodePoints(words.joined(separator: " ").unicodeScalars)
    return String(withoutIdlePercents(withoutIdleCurrencies(points)).collapsingWhiteSpace())
  }

  private func withoutSpacesBeforeApostrophes(_ text: CodePoints) -> CodePoints {
    var result = CodePoints()
    for point in text {
      if point == "'" {
        while result.last?.isWhiteSpace == true { result.removeLast() }
      }
      result.append(point)
    }
    return result
  }

  /// The digit behind a comma is not looked at again: "1,2,3" keeps its second comma.
  private func withoutCommasInNumbers(_ text: CodePoints) -> CodePoints {
    var result = CodePoints()
    var firstFree = 0
    for (index, point) in text.enumerated() {
      if point == ",", index > firstFree, index + 1 < text.count, text[index - 1].decimalDigit != nil,
        text[index + 1].decimalDigit != nil
      {
        firstFree = index + 2
      } else {
        result.append(point)
      }
    }
    return result
  }

  /// A space for a point that no digit from 0 to 9 follows; what follows is not looked at again.
  private func withoutIdlePoints(_ text: CodePoints) -> CodePoints {
    var result = CodePoints()
    var firstFree = 0
    for (index, point) in text.enumerated() {
      if point == ".", index >= firstFree, index + 1 == text.count || !text[index + 1].isASCIIDigit {
        result.append(" ")
        firstFree = index + 2
      } else {
        result.append(point)
      }
    }
    return result
  }

  /// A space for a point or sign that something else than a digit follows; what follows is not looked at again.
  private func withoutIdleCurrencies(_ text: CodePoints) -> CodePoints {
    let signs: Set<Unicode.Scalar> = [".", "$", "¢", "€", "£"]
    var result = CodePoints()
    var firstFree = 0
    for (index, point) in text.enumerated() {
      if signs.contains(point), index >= firstFree, index + 1 < text.count, !text[index + 1].isASCIIDigit {
        result.append(" ")
        firstFree = index + 2
      } else {
        result.append(point)
      }
    }
    return result
  }

  /// A space for a "%" that something else than a digit precedes, unless that is such a "%" itself.
  private func withoutIdlePercents(_ text: CodePoints) -> CodePoints {
    var result = CodePoints()
    var firstFree = 0
    for (index, point) in text.enumerated() {
      if point == "%", index > firstFree, !text[index - 1].isASCIIDigit {
        result.append(" ")
        firstFree = index + 1
      } else {
        result.append(point)
      }
    }
    return result
  }
}
