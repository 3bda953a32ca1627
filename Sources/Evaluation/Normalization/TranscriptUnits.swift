/// The units that Qwen2-Audio's script counts the error rate of a transcript over: words, or characters for Chinese.
///
/// For Chinese the script also writes numbers out in characters, and for Cantonese it turns traditional characters into
/// simplified ones, by tables that are not here: give references and transcripts that agree in these.
public enum TranscriptUnits: Sendable, Equatable {
  case english
  case chinese
  /// A language written with spaces.
  case other

  /// The transcript without tags, with single spaces, and none before `!,.?;:` nor, for Chinese, anywhere.
  public func clean(_ transcript: String) -> String {
    let plain = withoutTags(CodePoints(transcript.unicodeScalars)).collapsingWhiteSpace()
    if self == .chinese { return String(plain.filter { !$0.isWhiteSpace }) }
    var cleaned = CodePoints()
    for point in plain {
      if "!,.?;:".unicodeScalars.contains(point), cleaned.last == " " { cleaned.removeLast() }
      cleaned.append(point)
    }
    return String(cleaned.drop { $0 == " " })
  }

  /// The words of the cleaned and normalized transcript in lower case, without those that are punctuation only.
  public func units(of transcript: String) -> [String] {
    let cleaned = clean(transcript)
    return switch self {
    case .english: words(WhisperBasicNormalizer().normalize(WhisperEnglishNormalizer().normalize(cleaned)))
    case .other: words(WhisperBasicNormalizer().normalize(cleaned))
    case .chinese: ChineseCharacters.units(of: words(cleaned))
    }
  }

  private func words(_ text: String) -> [String] {
    let tokens = text.unicodeScalars.split(separator: " ").filter { !$0.allSatisfy(\.isPunctuation) }
    let kept = CodePoints(tokens.joined(separator: CodePoints([" "])))
    return String(kept.lowercased()).splitAtWhiteSpace()
  }

  /// A space for what stands from `<|` to the next `|>` on the line.
  private func withoutTags(_ text: CodePoints) -> CodePoints {
    var plain = CodePoints()
    var index = 0
    // Up to here no tag ends, so that none is looked for again.
    var searched = 0
    while index < text.count {
      if index >= searched, text.holds(["<", "|"], at: index) {
        searched = index + 2
        while searched < text.count, text[searched] != "\n", !text.holds(["|", ">"], at: searched) { searched += 1 }
        if text.holds(["|", ">"], at: searched) {
          plain.append(" ")
          index = searched + 2
          continue
        }
      }
      plain.append(text[index])
      index += 1
    }
    return plain
  }
}

/// Chinese is scored character by character.
public enum ChineseCharacters {
  /// The code points of words, each as a unit.
  public static func units(of words: [String]) -> [String] { words.flatMap { $0.unicodeScalars.map { String($0) } } }
}
