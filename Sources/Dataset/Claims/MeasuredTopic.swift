/// A quantity of the whole clip that a question asks for and that is measured.
enum MeasuredTopic: Equatable {
  case eventCount, duration, tempo, loudness, pitch
  /// Which of the events, and which part of the clip, is loudest.
  case loudestEvent, loudestPart

  /// What a stem asks for; nil for what is not measured, and for a part of the clip.
  init?(stem: String) {
    let words = Dataset.words(in: stem)
    let has = { (phrases: [MetaPhrase]) in phrases.contains { $0.match(in: words) != nil } }
    if has(Self.counts) {
      guard !has(Self.parts) else { return nil }
      self = .eventCount
    } else if has(Self.durations) {
      guard !has(Self.silences) else { return nil }
      self = .duration
    } else if has(Self.tempos) {
      guard !has(Self.parts), !has(Self.changes) else { return nil }
      self = .tempo
    } else if has(Self.loudest) {
      guard !has(Self.times) else { return nil }
      self = has(Self.events) ? .loudestEvent : .loudestPart
    } else if has(Self.courses), !has(Self.amounts), !has(Self.parts) {
      if has(Self.loudnesses) { self = .loudness } else if has(Self.pitches) { self = .pitch } else { return nil }
    } else {
      return nil
    }
  }

  private static func phrases(_ texts: String...) -> [MetaPhrase] { texts.map(MetaPhrase.init) }

  private static let counts = phrases(
    "how many separate|individual|discrete|distinct? sound|audio|acoustic event|events",
    "number|count of|the separate|individual|discrete|distinct? sound|audio|acoustic? event|events",
    "number of the? separate|individual|discrete|distinct? sound|audio|acoustic? event|events",
    "count the separate|individual|discrete|distinct sounds", "how many separate|individual|discrete sounds|events",
    "how many distinct sounds|events stand")
  private static let durations = phrases(
    "how long is|was|does the|this entire|whole|full|complete|audio|sound? recording|clip|audio|track|sample",
    "duration|length of the|this entire|whole|full|complete|audio|sound? recording|clip|audio|track|sample",
    "from the start|beginning to the end of the|this recording|clip|audio",
    "how long does|is the|this recording|clip|audio")
  private static let silences = phrases("silent|silence|quiet|pause|gap|before|after|until|between|without")
  private static let tempos = phrases(
    "tempo", "bpm", "beats per minute", "how fast is the steady? beat|pulse", "speed does|is the steady? pulse|beat")
  private static let changes = phrases(
    "change|changes|accelerate|slow|slows|speed|speeds up|down", "word|term|marking|italian")
  private static let parts = phrases(
    "first|last|second|final|initial|opening half|third|part|section|seconds|second|minute",
    "before|after|until|while|during|between",
    "types|kinds|sources of", "at the start|beginning|end|outset")
  private static let loudest = phrases("loudest", "loudness peak|peaks", "peak in loudness|volume")
  private static let events = phrases("event|events")
  private static let times = phrases(
    "how far|many|much", "when", "what|which|exact time|second|moment|point", "not|least")
  private static let courses = phrases(
    "how does|do|did|is|would", "what happens|happened to", "course of",
    "contour|direction|trajectory|shape|trend|dynamics",
    "change|changes|develop|develops|evolve|evolves|move|moves|behave|behaves")
  private static let amounts = phrases(
    "how much|many|far|often|long", "average|approximate|approximately|roughly|peak|highest|lowest|maximum|minimum")
  private static let loudnesses = phrases("loudness|volume|dynamics", "sound level", "louder|quieter")
  private static let pitches = phrases("pitch", "frequency")
}
