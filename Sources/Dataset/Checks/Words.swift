/// A word of a text as the scorer of MMAU sees it: its UTF-8, so that words are equal where their code points are.
struct Word: Hashable {
  var utf8: [UInt8]

  init(_ utf8: [UInt8]) { self.utf8 = utf8 }
}

/// The words of a text: what Python's `re.findall(r"\b\w+\b", text.lower())` finds, in its order.
///
/// Python's `\w` is a letter (general category L), anything with a numeric value, or `_`; combining marks are not. A
/// run of them always has a boundary at both ends.
func words(in text: String) -> [Word] {
  var found: [Word] = []
  var word: [UInt8] = []
  func add(_ scalar: Unicode.Scalar) {
    if isWordScalar(scalar) {
      word.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
    } else if !word.isEmpty {
      found.append(Word(word))
      word.removeAll(keepingCapacity: true)
    }
  }
  for index in text.unicodeScalars.indices {
    let scalar = text.unicodeScalars[index]
    if scalar.isASCII {
      add(asciiLowercased(scalar))
    } else if scalar == "\u{3A3}" {
      add(endsWord(text.unicodeScalars, sigmaAt: index) ? "\u{3C2}" : "\u{3C3}")
    } else {
      scalar.properties.lowercaseMapping.unicodeScalars.forEach(add)
    }
  }
  if !word.isEmpty { found.append(Word(word)) }
  return found
}

private func asciiLowercased(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
  (0x41...0x5A).contains(scalar.value) ? Unicode.Scalar(UInt8(scalar.value) | 0x20) : scalar
}

private func isWordScalar(_ scalar: Unicode.Scalar) -> Bool {
  switch scalar.value {
  case 0x30...0x39, 0x41...0x5A, 0x5F, 0x61...0x7A: return true
  case 0..<0x80: return false
  default: break
  }
  switch scalar.properties.generalCategory {
  case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: return true
  default: return scalar.properties.numericType != nil
  }
}

/// The Final_Sigma condition of Unicode's SpecialCasing.txt, which Python applies in `lower()`.
private func endsWord(_ scalars: String.UnicodeScalarView, sigmaAt index: String.Index) -> Bool {
  let before = scalars[..<index].last { !$0.properties.isCaseIgnorable }
  let after = scalars[scalars.index(after: index)...].first { !$0.properties.isCaseIgnorable }
  return before?.properties.isCased == true && after?.properties.isCased != true
}

extension [Word] {
  /// Whether `other`, which has at least one word, occurs here in one piece.
  func contains(run other: [Word]) -> Bool { place(of: other) != nil }

  /// Where `other`, which has at least one word, begins to occur here in one piece.
  func place(of other: [Word]) -> Int? {
    guard let first = other.first, other.count <= count else { return nil }
    return (0...(count - other.count)).first { start in
      self[start] == first && self[start..<(start + other.count)].elementsEqual(other)
    }
  }

  /// Without an English article at the start, where something follows it.
  func withoutArticle() -> [Word] {
    guard count > 1, let first, Word.articles.contains(first) else { return self }
    return Array(dropFirst())
  }
}

extension Word {
  static let articles = Set(["a", "an", "the"].map { Word(Array($0.utf8)) })
}
