public import Dataset

/// How an answer in words is measured.
public enum TextMeasure: Sendable, Hashable {
  /// The labels that answers give: WAR, UAR, and the share of answers that are the label and nothing else.
  case labels
  /// Errors a word, after Qwen2-Audio's cleaning and Whisper's normalizers for the language.
  case wordErrors
  /// Errors a character, for languages that are written without spaces.
  case characterErrors
  /// BLEU of the corpus.
  case translation(BLEUTokenizer)
  /// BLEU of the corpus against all references, and the share of answers that are a reference word for word.
  case caption(BLEUTokenizer)
  /// Seconds that the times of words are off.
  case wordTimes

  /// Nil for items of choices and chats, for those whose reference is withheld, and for translations into languages
  /// that need a tokenizer which is not here (Japanese, Korean, Thai, Lao, Burmese, Khmer).
  public init?(_ item: BenchmarkItem) {
    guard item.kind == .label ? item.answer != nil : !item.references.isEmpty else { return nil }
    switch item.kind {
    case .choice, .openChat: return nil
    case .label: self = .labels
    case .transcript: self = SpokenLanguage(item.language).isWrittenWithoutSpaces ? .characterErrors : .wordErrors
    case .translation:
      guard let tokenizer = SpokenLanguage(item.targetLanguage).tokenizer else { return nil }
      self = .translation(tokenizer)
    case .caption:
      guard let tokenizer = SpokenLanguage(item.language).tokenizer else { return nil }
      self = .caption(tokenizer)
    case .wordTimes: self = .wordTimes
    }
  }

  /// For headings.
  public var name: String {
    switch self {
    case .labels: "labels"
    case .wordErrors: "transcripts, by words"
    case .characterErrors: "transcripts, by characters"
    case .translation(let tokenizer): "translations, tokenizer \(tokenizer.rawValue)"
    case .caption(let tokenizer): "descriptions, tokenizer \(tokenizer.rawValue)"
    case .wordTimes: "words with times"
    }
  }

  func counts(_ pairs: [TextPair]) throws(EvaluationError) -> any TextCounts {
    switch self {
    case .labels: try LabelCounts(pairs)
    case .wordErrors, .characterErrors: try ErrorCounts(pairs)
    case .translation(let tokenizer): BLEUCounts(pairs, tokenizer, withExactShare: false)
    case .caption(let tokenizer): BLEUCounts(pairs, tokenizer, withExactShare: true)
    case .wordTimes: try ShiftCounts(pairs)
    }
  }
}

/// A language as test sets name it: "en", "zh-CN", "Cantonese", "cmn_hans_cn".
struct SpokenLanguage {
  private let name: String

  init(_ name: String?) {
    let parts = (name ?? "").lowercased().split { $0 == "-" || $0 == "_" }
    self.name = parts.first.map(String.init) ?? ""
  }

  private static let english: Set<String> = ["en", "eng", "english"]
  private static let chinese: Set<String> = ["zh", "cmn", "yue", "chinese", "mandarin", "cantonese"]
  private static let other: Set<String> = [
    "ja", "jpn", "japanese", "th", "tha", "thai", "lo", "lao", "my", "mya", "burmese", "km", "khm", "khmer",
  ]
  private static let korean: Set<String> = ["ko", "kor", "korean"]

  var isWrittenWithoutSpaces: Bool { Self.chinese.contains(name) || Self.other.contains(name) }

  /// Nil where BLEU would need another one.
  var tokenizer: BLEUTokenizer? {
    if Self.chinese.contains(name) { return .chinese }
    return Self.other.contains(name) || Self.korean.contains(name) ? nil : .v13a
  }

  func units(of transcript: String) -> [String] {
    if Self.chinese.contains(name) { return TranscriptUnits.chinese.units(of: transcript) }
    if Self.english.contains(name) { return TranscriptUnits.english.units(of: transcript) }
    let words = TranscriptUnits.other.units(of: transcript)
    return Self.other.contains(name) ? ChineseCharacters.units(of: words) : words
  }
}

/// Transcripts, with the first reference of each.
private struct ErrorCounts: TextCounts {
  private var errors: [Double] = []
  private var units: [Double] = []
  private let name: String

  init(_ pairs: [TextPair]) throws(EvaluationError) {
    let isByCharacter = pairs.first.map { SpokenLanguage($0.item.language).isWrittenWithoutSpaces } ?? false
    name = isByCharacter ? "CER" : "WER"
    for pair in pairs {
      let language = SpokenLanguage(pair.item.language)
      let rate = try ErrorRate(
        reference: language.units(of: pair.item.references.first ?? ""), hypothesis: language.units(of: pair.text))
      errors.append(Double(rate.errors))
      units.append(Double(rate.referenceUnits))
    }
  }

  func scores(_ places: [Int], _ bootstrap: Bootstrap) -> [TextScores.Score] {
    let (errors, units) = (places.map { self.errors[$0] }, places.map { self.units[$0] })
    return [
      TextScores.Score(
        name: name, unit: .share, value: value(places) ?? 0, interval: bootstrap.ratio(errors, over: units))
    ]
  }

  func value(_ places: [Int]) -> Double? {
    let (wrong, all) = (places.reduce(0) { $0 + errors[$1] }, places.reduce(0) { $0 + units[$1] })
    return all == 0 ? wrong : wrong / all
  }

  func isUnread(_ place: Int) -> Bool { false }
}

private struct BLEUCounts: TextCounts {
  private var parts: [BLEU] = []
  private var isExact: [Bool]?
  private let tokenizer: BLEUTokenizer

  init(_ pairs: [TextPair]) throws(EvaluationError) { self.init(pairs, .v13a, withExactShare: false) }

  init(_ pairs: [TextPair], _ tokenizer: BLEUTokenizer, withExactShare: Bool) {
    self.tokenizer = tokenizer
    parts = pairs.map { pair in
      var part = BLEU(tokenizer: tokenizer)
      part.add(pair.text, references: pair.item.references)
      return part
    }
    guard withExactShare else { return }
    let rule = ExactShare()
    isExact = pairs.map { pair in pair.item.references.contains { rule.isRight(answer: pair.text, label: $0) } }
  }

  func scores(_ places: [Int], _ bootstrap: Bootstrap) -> [TextScores.Score] {
    let interval = bootstrap.interval(items: places.count) { drawn in score(drawn.lazy.map { places[$0] }) }
    let bleu = TextScores.Score(name: "BLEU", unit: .points, value: score(places), interval: interval)
    guard let isExact else { return [bleu] }
    return [bleu, .share("exact", right: places.count { isExact[$0] }, of: places.count)]
  }

  func value(_ places: [Int]) -> Double? { score(places) }

  private func score(_ places: some Sequence<Int>) -> Double {
    var sum = BLEU(tokenizer: tokenizer)
    for place in places { sum += parts[place] }
    return sum.score
  }

  func isUnread(_ place: Int) -> Bool { false }
}

private struct ShiftCounts: TextCounts {
  private var totals: [Double] = []
  private var matched: [Double] = []
  private var unread: [Bool] = []

  init(_ pairs: [TextPair]) throws(EvaluationError) {
    for pair in pairs {
      var shift = WordTimeShift()
      let reference = pair.item.references.first.flatMap(WordTimes.init(marked:))
      shift.add(WordTimes(marked: pair.text), reference: reference)
      totals.append(shift.total)
      matched.append(Double(shift.matched))
      unread.append(shift.unreadable > 0)
    }
  }

  func scores(_ places: [Int], _ bootstrap: Bootstrap) -> [TextScores.Score] {
    guard let value = value(places) else { return [] }
    let interval = bootstrap.ratio(places.map { totals[$0] }, over: places.map { matched[$0] })
    return [TextScores.Score(name: "AAS", unit: .seconds, value: value, interval: interval)]
  }

  func value(_ places: [Int]) -> Double? {
    let count = places.reduce(0) { $0 + matched[$1] }
    return count > 0 ? places.reduce(0) { $0 + totals[$1] } / count : nil
  }

  func isUnread(_ place: Int) -> Bool { unread[place] }
}

extension TextScores.Score {
  static func share(_ name: String, right: Int, of count: Int) -> TextScores.Score {
    TextScores.Score(
      name: name, unit: .share, value: count == 0 ? 0 : Double(right) / Double(count),
      interval: Interval.wilson(right: right, of: count))
  }
}
