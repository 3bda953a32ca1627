import Dataset
public import Pipelines
public import Training

extension DataSettings {
  /// What the section sets; all else is as in `fallback`.
  public init(_ section: Section, default fallback: DataSettings) throws {
    self = fallback
    if let own = try section.optionalPath("set") {
      set = own
      (train, dev, test) = ([], nil, nil)
    }
    if let own = try section.paths("train") {
      set = section.has("set") ? set : nil
      (train, dev, test) = (own, nil, nil)
    }
    dev = try section.paths("dev") ?? dev
    test = try section.paths("test") ?? test
    let formats = QuestionFormat.allCases.map(\.rawValue)
    if section.has("format") {
      format = QuestionFormat(rawValue: try section.choice("format", of: ["by-row"] + formats, default: "by-row"))
    }
    audioFolder = try section.optionalPath("audio_folder") ?? audioFolder
    prompt = try section.optionalPath("prompt") ?? prompt
    audio = try section.word("audio", default: audio)
    form = try section.word("target", default: form)
    shufflesChoices = try section.bool("shuffle_choices", default: shufflesChoices)
    replacesVideo = try section.bool("video_to_audio", default: replacesVideo)
    devShare = try section.double("dev_share", in: 0...0.5, default: devShare)
    if section.has("tasks") { tasks = try section.strings("tasks") }
    if section.has("audio_contribution") {
      audioContribution = AudioContribution(
        rawValue: try section.choice("audio_contribution", of: ["all", "strong", "weak"], default: "all"))
    }
    limit = try section.optionalInt("limit", in: 1...1_000_000_000) ?? limit
  }
}

extension Section {
  /// One of the words of a type.
  func word<Word: RawRepresentable<String> & CaseIterable>(_ key: String, default fallback: Word) throws -> Word {
    let words = Word.allCases.map(\.rawValue)
    return Word(rawValue: try choice(key, of: words, default: fallback.rawValue)) ?? fallback
  }
}
