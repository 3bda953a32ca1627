/// Contractions and titles written out, one rule after the other, as openai-whisper 20250625 lists them.
enum EnglishContractions {
  private struct Rule {
    let phrase: CodePoints
    let written: CodePoints
    /// Whether it holds at the start of a word only; each holds at the end of one only.
    let startsWord: Bool

    init(_ phrase: String, _ written: String) {
      self.phrase = CodePoints(phrase.unicodeScalars)
      self.written = CodePoints(written.unicodeScalars)
      startsWord = !phrase.hasPrefix("'") && phrase != "n't"
    }
  }

  static func writtenOut(_ text: CodePoints) -> CodePoints { rules.reduce(text) { apply($1, to: $0) } }

  /// Without the noises of a speaker who thinks.
  static func withoutFillers(_ text: CodePoints) -> CodePoints { fillers.reduce(text) { apply($1, to: $0) } }

  private static let fillers = ["hmm", "mm", "mhm", "mmm", "uh", "um"].map { Rule($0, "") }

  private static let rules: [Rule] = {
    let contractions = [
      ("won't", "will not"), ("can't", "can not"), ("let's", "let us"), ("ain't", "aint"), ("y'all", "you all"),
      ("wanna", "want to"), ("gotta", "got to"), ("gonna", "going to"), ("i'ma", "i am going to"),
      ("imma", "i am going to"), ("woulda", "would have"), ("coulda", "could have"), ("shoulda", "should have"),
      ("ma'am", "madam"),
    ]
    let titles = [
      ("mr", "mister"), ("mrs", "missus"), ("st", "saint"), ("dr", "doctor"), ("prof", "professor"),
      ("capt", "captain"), ("gov", "governor"), ("ald", "alderman"), ("gen", "general"), ("sen", "senator"),
      ("rep", "representative"), ("pres", "president"), ("rev", "reverend"), ("hon", "honorable"),
      ("asst", "assistant"), ("assoc", "associate"), ("lt", "lieutenant"), ("col", "colonel"), ("jr", "junior"),
      ("sr", "senior"), ("esq", "esquire"),
    ]
    let endings = [
      ("'d been", " had been"), ("'s been", " has been"), ("'d gone", " had gone"), ("'s gone", " has gone"),
      ("'d done", " had done"), ("'s got", " has got"), ("n't", " not"), ("'re", " are"), ("'s", " is"),
      ("'d", " would"), ("'ll", " will"), ("'t", " not"), ("'ve", " have"), ("'m", " am"),
    ]
    return contractions.map { Rule($0, $1) } + titles.map { Rule($0, $1 + " ") } + endings.map { Rule($0, $1) }
  }()

  private static func apply(_ rule: Rule, to text: CodePoints) -> CodePoints {
    guard let first = rule.phrase.first, text.contains(first) else { return text }
    var result = CodePoints()
    result.reserveCapacity(text.count)
    var index = 0
    while index < text.count {
      if text[index] == first, text.holds(rule.phrase, at: index), text.isWordBoundary(index + rule.phrase.count),
        !rule.startsWord || text.isWordBoundary(index)
      {
        result += rule.written
        index += rule.phrase.count
      } else {
        result.append(text[index])
        index += 1
      }
    }
    return result
  }
}
