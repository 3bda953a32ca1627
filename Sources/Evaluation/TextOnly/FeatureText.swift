/// A text as its words' hashes: runs of letters and digits, in small letters.
struct FeatureText: Equatable {
  let words: [UInt64]
  /// The hash of all words in their order.
  let whole: UInt64

  init(_ text: String) {
    var words: [UInt64] = []
    var word = FNV1a()
    var isOpen = false
    for scalar in text.lowercased().unicodeScalars {
      if scalar.properties.isAlphabetic || scalar.properties.numericType != nil {
        isOpen = true
        for byte in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter { word.add(byte) }
      } else if isOpen {
        words.append(word.value)
        (word, isOpen) = (FNV1a(), false)
      }
    }
    if isOpen { words.append(word.value) }
    self.words = words
    // A text without words is told from others by its characters, such as "+" and "-".
    whole = words.isEmpty ? .named("signs", text.unicodeScalars.map { UInt64($0.value) }) : .named("text", words)
  }

  /// The share of the words here that `other` has too; 0 where there are none.
  func shared(with other: FeatureText) -> Float {
    words.isEmpty ? 0 : Float(words.count { other.words.contains($0) }) / Float(words.count)
  }
}

extension UInt64 {
  /// The hash of a kind of feature and what it is made of.
  static func named(_ kind: StaticString, _ parts: [UInt64]) -> UInt64 {
    var hash = FNV1a()
    kind.withUTF8Buffer { for byte in $0 { hash.add(byte) } }
    for part in parts { hash.add(part) }
    return hash.value
  }
}

/// The 64-bit FNV-1a hash (Fowler, Noll, Vo; RFC 9923).
struct FNV1a {
  private(set) var value: UInt64 = 0xcbf2_9ce4_8422_2325

  mutating func add(_ byte: UInt8) { value = (value ^ UInt64(byte)) &* 0x100_0000_01b3 }

  /// The eight bytes of a number, the lowest first.
  mutating func add(_ number: UInt64) {
    for shift in stride(from: 0 as UInt64, to: 64, by: 8) { add(UInt8(truncatingIfNeeded: number >> shift)) }
  }
}
