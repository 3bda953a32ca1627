/// A phrase that gives away that a question was written from text: words in a row, each place with its alternatives.
///
/// As text: places are separated by spaces, alternatives by `|`, and `?` after a place says that it may be left out, as
/// in `according to the|this|these given|provided? caption|metadata`.
struct MetaPhrase {
  private struct Place {
    var alternatives: Set<Word>
    var isOptional: Bool
  }

  private let places: [Place]

  init(_ text: String) {
    places = text.split(separator: " ").map { part in
      let isOptional = part.hasSuffix("?")
      let alternatives = (isOptional ? part.dropLast() : part).split(separator: "|").flatMap { words(in: String($0)) }
      return Place(alternatives: Set(alternatives), isOptional: isOptional)
    }
  }

  /// The words of `text` that are the phrase, where it occurs.
  func match(in text: [Word]) -> ArraySlice<Word>? {
    guard !places.isEmpty else { return nil }
    for start in text.indices {
      if let end = end(of: places[...], in: text, from: start), end > start { return text[start..<end] }
    }
    return nil
  }

  private func end(of places: ArraySlice<Place>, in text: [Word], from position: Int) -> Int? {
    guard let place = places.first else { return position }
    if position < text.count, place.alternatives.contains(text[position]),
      let end = end(of: places.dropFirst(), in: text, from: position + 1)
    {
      return end
    }
    return place.isOptional ? end(of: places.dropFirst(), in: text, from: position) : nil
  }

  /// What writers say when they forget that the reader hears only the audio. A label, a description or a passage alone
  /// is honest: of a record label, of a voice describing, of music.
  static let usual: [String] = {
    let written =
      "caption|captions|metadata|description|descriptions|label|labels|tag|tags|annotation|annotations|transcript"
      + "|transcription|text|passage"
    let which = "audio|sound|clip|given|provided|above|following|original|accompanying?"
    let source = "the|this|these|that|those|its|a \(which) \(which) \(written)"
    return [
      "according to \(source)",
      "as? described|mentioned|stated|listed|noted|specified|indicated|provided|given|written|shown in|by \(source)",
      "based on|upon \(source)",
      "the|this|these|each|both audio|sound|given|provided|above? caption|captions|metadata",
      "the|this description|text|label|labels|transcript says|states|mentions|describes|indicates|suggests",
      "do|does the|these description|descriptions|label|labels|text say|state|mention|indicate|suggest",
      "provided|given|above description|descriptions|text|label|labels|transcript|information",
      "audio|sound|wav|mp3? file name|names", "name of the audio|sound|wav|mp3 file",
      "filename|filenames",
      "modified|revised|rewritten|rephrased|original question",
      "as an ai", "ai|large? language model", "i|we cannot hear|listen|determine|access",
      "i|we can t hear|listen|determine|access",
      "correct|right answer|option|choice is", "distractor|distractors", "ground truth",
      "in|from the|this|these given|provided|audio? caption|captions|metadata|annotation|annotations",
    ]
  }()
}
