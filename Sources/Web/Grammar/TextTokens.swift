/// The words of a text as MMAU's matcher sees them: what `\b\w+\b` finds in the lower-cased text. Texts are short, so
/// words are looked up by going through them.
struct TextTokens {
  let words: [String]

  /// Words that say nothing by themselves.
  private static let functionWords = [
    "a", "an", "and", "at", "in", "is", "it", "of", "on", "or", "the", "this", "to", "with",
  ]

  init(_ text: String) {
    words = text.utf8.allSatisfy { $0 < 0x80 } ? Self.words(ofASCII: text) : Self.words(of: text)
  }

  /// Whether all words of the other are here too.
  func contains(_ other: TextTokens) -> Bool {
    other.words.allSatisfy { words.contains($0) }
  }

  /// Whether one of the two has all the other's words, in whatever order.
  func overlaps(_ other: TextTokens) -> Bool {
    contains(other) || other.contains(self)
  }

  /// Whether the two share a word that says something.
  func sharesContent(with other: TextTokens) -> Bool {
    words.contains { other.words.contains($0) && !Self.functionWords.contains($0) }
  }

  private static func words(ofASCII text: String) -> [String] {
    var words: [String] = []
    var word: [UInt8] = []
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
        word.append(byte)
      case UInt8(ascii: "A")...UInt8(ascii: "Z"):
        word.append(byte | 0x20)
      default:
        if !word.isEmpty { words.append(String(decoding: word, as: UTF8.self)) }
        word.removeAll(keepingCapacity: true)
      }
    }
    if !word.isEmpty { words.append(String(decoding: word, as: UTF8.self)) }
    return words
  }

  private static func words(of text: String) -> [String] {
    text.lowercased().unicodeScalars
      .split { $0 != "_" && !$0.properties.isAlphabetic && $0.properties.numericType == nil }
      .map { String($0) }
  }
}

extension String {
  /// Whether the bytes of `part` stand anywhere in this text.
  func hasBytes(of part: String) -> Bool {
    let (all, part) = (Array(utf8), Array(part.utf8))
    guard part.count <= all.count else { return false }
    return (0...all.count - part.count).contains { start in
      part.indices.allSatisfy { all[start + $0] == part[$0] }
    }
  }
}
