/// What a question asks about.
enum QuestionKind: Int, CaseIterable {
  case label
  case duration, eventCount, eventTime, loudestTime
  case firstPitch, secondPitch, note, pitchDirection
  case averageLevel, peakLevel, loudnessChange, loudnessCourse
  case silence, centroid, character, tempo

  /// The smaller, the sooner it is asked. Up to `QuestionGrammar.spread` is added by chance, so kinds closer than that
  /// swap places from one recording to the next.
  var rank: Int {
    switch self {
    case .label: -1_000
    // What a listener can count, time or hear directly.
    case .eventCount, .tempo: -20
    case .duration, .firstPitch: 0
    case .loudnessChange, .silence: 10
    case .eventTime, .loudestTime, .secondPitch: 20
    case .note: 35
    // What a trained listener can judge.
    case .character: 50
    case .centroid, .averageLevel: 60
    // Few answers, of which one or two are usual: of a whole set, most have to go for the rest to be fair.
    case .pitchDirection, .loudnessCourse: 80
    case .peakLevel: 150
    }
  }
}
