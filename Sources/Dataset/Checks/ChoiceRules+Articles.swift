extension ChoiceRules {
  /// "a" or "an" at the end of the stem that fits the answer alone, or an article that the answer alone has, or lacks.
  func articleCue(_ question: ParsedQuestion) -> Finding? {
    guard let (right, wrong) = question.parts, wrong.count > 1 else { return nil }
    if let article = Self.openArticle(question.stem) {
      let fits = { (choice: ParsedChoice) in Self.article(before: choice.text).map { $0 == article } }
      if fits(right) == true, wrong.allSatisfy({ fits($0) == false }) {
        return Finding(.articleCue, "'\(article)' before '\(shortened(right.text))'.")
      }
    }
    guard wrong.count > 2 else { return nil }
    let bare = wrong.count(where: Self.lacksArticle)
    // Beside rain and thunder, which take no article, "a dog" tells nothing; beside cat and bird it does.
    if Self.hasArticle(right), !wrong.contains(where: Self.hasArticle), bare * 2 > wrong.count {
      return Finding(.articleCue, "'\(shortened(right.text))' alone has an article.")
    }
    if Self.lacksArticle(right), wrong.allSatisfy(Self.hasArticle) {
      return Finding(.articleCue, "'\(shortened(right.text))' alone has no article.")
    }
    return nil
  }

  private static func hasArticle(_ choice: ParsedChoice) -> Bool {
    let text = choice.text.lowercased()
    return choice.number == nil && (text.hasPrefix("a ") || text.hasPrefix("an "))
  }

  /// Whether a choice is one thing without the article that it would have in a sentence: "dog", "church bell".
  private static func lacksArticle(_ choice: ParsedChoice) -> Bool {
    let words = choice.words.map { String(decoding: $0.utf8, as: UTF8.self) }
    guard let first = words.first, let last = words.last, (1...2).contains(words.count), choice.number == nil,
      choice.text.allSatisfy({ $0.isLetter || $0 == " " || $0 == "-" }), first.utf8.count > 2, last.utf8.count > 2
    else { return false }
    let own: Set<String> = ["the", "one", "two", "three", "some", "both", "his", "her", "its", "someone", "somebody"]
    if own.contains(first) || massNouns.contains(last) || massNouns.contains(first) { return false }
    let isPlural = last.hasSuffix("s") && !last.hasSuffix("ss") && !last.hasSuffix("us")
    let endings = [
      "ing", "ness", "ment", "tion", "sion", "ity", "ly", "ed", "ful", "ous", "ive", "ic", "al", "y", "ter",
    ]
    return !isPlural && !endings.contains { last.hasSuffix($0) }
  }

  /// Of what is heard, what takes no article.
  private static let massNouns: Set<String> = [
    "rain", "rainfall", "thunder", "wind", "water", "music", "speech", "applause", "laughter", "static", "noise",
    "traffic", "silence", "fire", "song", "surf", "snow", "hail", "ice", "air", "steam", "percussion", "brass", "jazz",
    "rock", "pop", "blues", "metal", "folk", "soul", "funk", "disco", "techno", "reggae", "hip", "rap", "country",
    "male",
    "female", "high", "low", "loud", "soft", "fast", "slow", "bright", "dark", "warm", "cold", "calm", "sad", "angry",
    "tense", "joy", "fear", "anger", "disgust", "surprise", "neutral", "man", "people", "human", "machine", "nature",
    "glass", "wood", "paper", "concrete", "gravel", "sand", "grass", "indoors", "outdoors", "english", "french",
    "major",
    "minor", "first", "second", "third", "last", "left", "right", "before", "after", "never", "once", "twice", "none",
  ]

  /// "a" or "an" with which a stem ends, before a blank, dots or a mark. "a/an" and "a(n)" leave it open.
  private static func openArticle(_ stem: String) -> String? {
    let end = stem.lowercased().split(whereSeparator: \.isWhitespace).last { part in
      part.contains { $0.isLetter }
    }
    guard let end else { return nil }
    let bare = end.trimmingMarks
    return bare == "a" || bare == "an" ? bare : nil
  }

  /// The article that a text would have before it; nil where it cannot be told, or where it brings its own.
  private static func article(before text: String) -> String? {
    guard let word = text.lowercased().split(whereSeparator: { !$0.isLetter }).first, text.first?.isLetter == true,
      !["a", "an", "the"].contains(word)
    else { return nil }
    if ["hour", "honest", "honor", "honour", "heir"].contains(where: { word.hasPrefix($0) }) { return "an" }
    // A "u" that sounds as "you", a "one" as "won".
    let consonants = ["uni", "use", "usu", "uti", "ura", "ute", "euro", "eu", "one", "once", "ukulele", "ufo"]
    if consonants.contains(where: { word.hasPrefix($0) }), !["unim", "unin"].contains(where: { word.hasPrefix($0) }) {
      return "a"
    }
    return "aeiou".contains(word.first ?? " ") ? "an" : "a"
  }
}

extension Substring {
  /// Without marks, blanks and dots at both ends.
  fileprivate var trimmingMarks: String {
    var text = self
    while let last = text.last, !last.isLetter, last != ")" { text.removeLast() }
    while let first = text.first, !first.isLetter { text.removeFirst() }
    return String(text)
  }
}
