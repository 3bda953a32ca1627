/// Finds a caption among the instructions of a prompt whose wording is not known.
enum FreeTextCaption {
  /// Words of instructions; a line with one of them is taken for part of the prompt.
  private static let instructionWords: Set<String> = [
    "answer", "answers", "caption", "captions", "choice", "choices", "distractor", "distractors", "json", "question",
    "questions", "reply", "write",
  ]

  private static let fewestWords = 3

  /// The sentences of the first line that reads like a caption.
  static func sentences(in text: String) -> [String] {
    for line in text.split(whereSeparator: \.isNewline) {
      let bare = withoutMark(line)
      let words = TextTokens(String(bare))
      guard words.words.count >= fewestWords, instructionWords.isDisjoint(with: words.words), bare.last != ":",
        !"#{}[]`".contains(bare.first ?? "#")
      else { continue }
      return split(bare)
    }
    return []
  }

  /// The line without what lists put around an entry: bullets, numbers, names of captioners, tags, quotes.
  private static func withoutMark(_ line: Substring) -> Substring {
    var rest = trimmed(line[...], of: " \t\r")
    if let mark = rest.first, "-*>•".contains(mark) {
      rest = trimmed(rest.dropFirst(), of: " \t")
    } else if let end = rest.firstIndex(where: { !$0.isNumber }), end > rest.startIndex, ".)".contains(rest[end]) {
      rest = trimmed(rest[rest.index(after: end)...], of: " \t")
    }
    for (opening, closing) in [("[", "]"), ("(", ")"), ("<", ">")] as [(Character, Character)]
    where rest.first == opening {
      if let end = rest.firstIndex(of: closing) { rest = rest[rest.index(after: end)...] }
    }
    if let tag = rest.firstRange(of: "</") { rest = rest[..<tag.lowerBound] }
    if let colon = rest.firstIndex(of: ":"), rest[..<colon].split(separator: " ").count <= 3 {
      rest = rest[rest.index(after: colon)...]
    }
    return trimmed(rest, of: " \t\"“”")
  }

  private static func trimmed(_ text: Substring, of characters: String) -> Substring {
    var text = text
    while let first = text.first, characters.contains(first) { text.removeFirst() }
    while let last = text.last, characters.contains(last) { text.removeLast() }
    return text
  }

  private static func split(_ text: Substring) -> [String] {
    var sentences: [String] = []
    var rest = text
    while let end = rest.indices.first(where: { isEnd($0, in: rest) }) {
      let next = rest.index(after: end)
      sentences.append(String(rest[..<next]))
      rest = trimmed(rest[next...], of: " ")
    }
    return rest.isEmpty ? sentences : sentences + [String(rest)]
  }

  /// Whether a sentence ends at `index`, rather than a number or an abbreviation's letter going on.
  private static func isEnd(_ index: Substring.Index, in text: Substring) -> Bool {
    guard ".!?".contains(text[index]) else { return false }
    let next = text.index(after: index)
    return next == text.endIndex || text[next] == " "
  }
}
