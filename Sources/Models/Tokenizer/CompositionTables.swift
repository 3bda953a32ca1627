import Foundation

/// What characters are made of, and which pair makes which character.
///
/// Found out from Foundation, one character at a time, since on whole texts Swift 6.3 errs: it leaves a composed Hangul
/// syllable apart from its final consonant, takes U+1176 for a vowel, and composes U+130C1 as if it were U+30C1. What
/// characters of Unicode 9.0 are made of never changes again.
struct CompositionTables: Sendable {
  static let shared = CompositionTables()

  /// Where all characters are that come apart, but for the Hangul syllables.
  private static let places: [ClosedRange<UInt32>] = [
    0xC0...0x30FF, 0xF900...0xFB4F, 0x11000...0x116FF, 0x1D100...0x1D1FF, 0x2F800...0x2FA1F,
  ]

  private var parts: [Unicode.Scalar: [Unicode.Scalar]] = [:]
  private var composites: [UInt64: Unicode.Scalar] = [:]

  private init() {
    var made: [(whole: Unicode.Scalar, parts: [Unicode.Scalar])] = []
    for scalar in Self.places.joined().lazy.compactMap(Unicode.Scalar.init) where scalar.isAssigned(inUnicode: 9) {
      let text = String(scalar)
      let parts = Array(text.decomposedStringWithCanonicalMapping.unicodeScalars)
      if parts == [scalar] { continue }
      self.parts[scalar] = parts
      // What does not compose by itself is excluded from composition.
      if text.precomposedStringWithCanonicalMapping.unicodeScalars.elementsEqual([scalar]) {
        made.append((scalar, parts))
      }
    }
    // Of three parts, the first two make a character that is in the table by then.
    for (whole, parts) in made.sorted(by: { $0.parts.count < $1.parts.count }) {
      guard var first = parts.first, let last = parts.last else { continue }
      for part in parts.dropFirst().dropLast() { first = composites[Self.key(first, part)] ?? first }
      composites[Self.key(first, last)] = whole
    }
  }

  /// `scalars` taken apart, marks in canonical order.
  func decomposed(_ scalars: [Unicode.Scalar]) -> [Unicode.Scalar] {
    var output: [Unicode.Scalar] = []
    for scalar in scalars {
      if let syllable = HangulSyllable(scalar) {
        output += syllable.letters
      } else if let parts = parts[scalar] {
        output += parts
      } else {
        output.append(scalar)
      }
    }
    var start = 0
    for end in 1...max(output.count, 1) where end >= output.count || output[end].combiningClass == 0 {
      if end - start > 1, end <= output.count { Self.order(&output, in: start..<end) }
      start = end
    }
    return output
  }

  func composite(_ first: Unicode.Scalar, _ second: Unicode.Scalar) -> Unicode.Scalar? {
    HangulSyllable.composite(first, second) ?? composites[Self.key(first, second)]
  }

  /// Sorts by combining class, leaving equals in their order.
  private static func order(_ scalars: inout [Unicode.Scalar], in range: Range<Int>) {
    let ordered = range.sorted { (scalars[$0].combiningClass, $0) < (scalars[$1].combiningClass, $1) }
    for (place, scalar) in zip(range, ordered.map { scalars[$0] }) { scalars[place] = scalar }
  }

  private static func key(_ first: Unicode.Scalar, _ second: Unicode.Scalar) -> UInt64 {
    UInt64(first.value) << 32 | UInt64(second.value)
  }
}

/// A Hangul syllable, which is made of its letters by arithmetic (Unicode 3.12).
struct HangulSyllable {
  private static let syllables: Range<UInt32> = 0xAC00..<0xD7A4
  private static let initials: Range<UInt32> = 0x1100..<0x1113
  private static let vowels: Range<UInt32> = 0x1161..<0x1176
  /// The first stands for no final consonant and is none.
  private static let finals: Range<UInt32> = 0x11A7..<0x11C3

  private let index: UInt32

  init?(_ scalar: Unicode.Scalar) {
    guard Self.syllables.contains(scalar.value) else { return nil }
    index = scalar.value - Self.syllables.lowerBound
  }

  /// Two or three of them.
  var letters: [Unicode.Scalar] {
    let (finals, vowels) = (UInt32(Self.finals.count), UInt32(Self.vowels.count))
    let letters = [
      Self.initials.lowerBound + index / (vowels * finals), Self.vowels.lowerBound + index / finals % vowels,
      Self.finals.lowerBound + index % finals,
    ]
    return letters.filter { $0 != Self.finals.lowerBound }.compactMap(Unicode.Scalar.init)
  }

  /// The syllable of an initial consonant and a vowel, or of a syllable without a final consonant and that.
  static func composite(_ first: Unicode.Scalar, _ second: Unicode.Scalar) -> Unicode.Scalar? {
    if initials.contains(first.value), vowels.contains(second.value) {
      let index = (first.value - initials.lowerBound) * UInt32(vowels.count) + second.value - vowels.lowerBound
      return Unicode.Scalar(syllables.lowerBound + index * UInt32(finals.count))
    }
    guard let syllable = HangulSyllable(first), syllable.index % UInt32(finals.count) == 0,
      finals.dropFirst().contains(second.value)
    else { return nil }
    return Unicode.Scalar(first.value + second.value - finals.lowerBound)
  }
}
