import Foundation

/// What captions in free text say is heard, and in which order, as far as their words tell.
struct CaptionEvents {
  /// A caption's clauses in the order of what they tell of; each with the words that carry meaning.
  private struct Telling {
    var clauses: [ContentWords]
    /// Whether the order of the clauses is that of time: words such as "then" stand between them.
    var isOrdered: Bool
  }

  private let tellings: [Telling]
  private let sentences: [ContentWords]
  private let labels: [ContentWords]

  init(captions: [String], labels: [String]) {
    tellings = captions.map(Self.telling)
    sentences = captions.flatMap(Self.sentences).filter { !Self.denies($0) }.map { ContentWords($0) }
    self.labels = labels.map { ContentWords($0.replacing("_", with: " ")) }.filter { !$0.isEmpty }
  }

  /// Whether a caption says a text as it stands, or a label of the clip says all that it does. Words such as "sound"
  /// alone say nothing, and neither does a caption that denies.
  func support(_ text: String) -> Bool {
    let content = ContentWords(text.replacing("_", with: " "))
    guard !content.stems.allSatisfy(Self.vague.contains) else { return false }
    return sentences.contains { $0.holds(run: content) } || labels.contains { $0.holds(content) }
  }

  /// Whether some caption with an order tells of `one` before `other`; nil where none tells of both apart.
  func isBefore(_ one: String, _ other: String) -> Bool? {
    let (first, second) = (ContentWords(one), ContentWords(other))
    for telling in tellings where telling.isOrdered {
      let places = [first, second].map { content in telling.clauses.firstIndex { $0.holds(content) } }
      if let early = places[0], let late = places[1], early != late { return early < late }
    }
    return nil
  }

  /// The place of what is told of among the clauses of the first ordered caption that tells of it.
  func place(of text: String) -> (index: Int, count: Int)? {
    let content = ContentWords(text)
    for telling in tellings where telling.isOrdered {
      if let index = telling.clauses.firstIndex(where: { $0.holds(content) }) { return (index, telling.clauses.count) }
    }
    return nil
  }

  private static let vague: Set<String> = Set(
    [
      "sound", "noise", "audio", "voice", "music", "person", "people", "man", "woman", "something", "tone", "beat",
      "one",
    ]
    .map(ContentWords.stem))

  static func sentences(_ text: String) -> [String] {
    text.split { ".!?;\n".contains($0) }.map(String.init)
  }

  static func denies(_ sentence: String) -> Bool {
    let words = Dataset.words(in: sentence).map { String(decoding: $0.utf8, as: UTF8.self) }
    return words.contains { ["no", "not", "without", "never", "neither", "nor", "absence", "lacks", "t"].contains($0) }
  }

  /// The clauses of a caption in time. "A before B" and "A, then B" are A and B; "A after B" is B and A.
  private static func telling(_ caption: String) -> Telling {
    var telling = Telling(clauses: [], isOrdered: false)
    for sentence in sentences(caption) {
      let marked =
        sentence.lowercased()
        .replacing(
          /,?\s*\b(and then|then|followed by|which is followed by|before|and finally|finally|after which|next|later|afterwards|subsequently)\b/,
          with: "\u{1}"
        )
        .replacing(/,?\s*\b(just after|right after|after|preceded by|following)\b/, with: "\u{2}")
      guard marked.contains("\u{1}") || marked.contains("\u{2}") else {
        telling.clauses.append(ContentWords(sentence))
        continue
      }
      telling.isOrdered = true
      telling.clauses += clauses(marked)
    }
    telling.clauses.removeAll(where: \.isEmpty)
    return telling
  }

  private static func clauses(_ marked: String) -> [ContentWords] {
    var clauses: [ContentWords] = []
    var rest = Substring(marked)
    var isTurned = false
    while true {
      let end = rest.firstIndex { $0 == "\u{1}" || $0 == "\u{2}" } ?? rest.endIndex
      let clause = ContentWords(String(rest[..<end]))
      if !clause.isEmpty { clauses.insert(clause, at: isTurned ? max(0, clauses.count - 1) : clauses.count) }
      guard end < rest.endIndex else { return clauses }
      // A clause that begins with "after" comes before what follows it, and stands first already.
      isTurned = rest[end] == "\u{2}" && !clauses.isEmpty
      rest = rest[rest.index(after: end)...]
    }
  }
}
