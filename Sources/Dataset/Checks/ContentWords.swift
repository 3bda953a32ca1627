/// The words of a text that carry its meaning, without their English endings: "the barking dogs" is dog and bark.
///
/// The endings are cut so that forms of one word meet, not so that what is left is a word.
struct ContentWords: Equatable {
  /// In their order.
  let stems: [String]

  init(_ text: String) { self.init(words(in: text)) }

  init(_ words: [Word]) {
    stems = words.map { String(decoding: $0.utf8, as: UTF8.self) }.filter { !Self.empty.contains($0) }.map(Self.stem)
  }

  var isEmpty: Bool { stems.isEmpty }

  /// Whether all stems of `other`, which has some, are among these.
  func holds(_ other: ContentWords) -> Bool { !other.isEmpty && Set(stems).isSuperset(of: other.stems) }

  /// Whether the stems of `other`, which has some, stand here in a row.
  func holds(run other: ContentWords) -> Bool { place(of: other) != nil }

  /// Where the stems of `other`, which has some, begin to stand here in a row.
  func place(of other: ContentWords) -> Int? {
    guard !other.isEmpty, other.stems.count <= stems.count else { return nil }
    return (0...(stems.count - other.stems.count)).first {
      stems[$0..<($0 + other.stems.count)].elementsEqual(other.stems)
    }
  }

  /// Words of grammar; numbers, negations and comparisons carry meaning.
  static let empty: Set<String> = [
    "a", "an", "the", "this", "that", "these", "those", "is", "are", "was", "were", "be", "been", "being", "am", "of",
    "in", "on", "at", "to", "for", "from", "by", "with", "into", "and", "or", "as", "it", "its", "he", "she", "they",
    "his", "her", "their", "there", "here", "who", "whom", "whose", "which", "what", "do", "does", "did", "has", "have",
    "had", "s", "t", "very", "some", "any", "can", "could", "may", "might", "will", "would", "i", "you", "we",
  ]

  /// A word without the endings of plural, present, past and `-ing`.
  static func stem(_ word: String) -> String {
    var stem = word
    if stem.count > 4, stem.hasSuffix("ies") {
      stem = String(stem.dropLast(3)) + "y"
    } else if stem.count > 4, ["sses", "shes", "ches", "xes", "zes"].contains(where: { stem.hasSuffix($0) }) {
      stem = String(stem.dropLast(2))
    } else if stem.count > 3, stem.hasSuffix("s"), !["ss", "us", "is"].contains(where: { stem.hasSuffix($0) }) {
      stem = String(stem.dropLast())
    }
    for ending in ["ing", "ed"] where stem.count > ending.count + 2 && stem.hasSuffix(ending) {
      let base = stem.dropLast(ending.count)
      guard base.contains(where: { "aeiouy".contains($0) }) else { break }
      stem = undoubled(String(base))
      break
    }
    return stem.count > 3 && stem.hasSuffix("e") ? String(stem.dropLast()) : stem
  }

  /// "run" of "runn"; "hiss" and "fall" stay.
  private static func undoubled(_ base: String) -> String {
    guard base.count > 3, let last = base.last, base.dropLast().last == last, !"lsz".contains(last) else { return base }
    return String(base.dropLast())
  }
}
