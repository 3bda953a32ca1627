/// What the captions say about a recording, each fact with the sentence that says it.
struct RecordingFacts: Equatable {
  struct Stated<Value: Equatable>: Equatable {
    var value: Value
    /// The sentence, exactly as it stands in the caption.
    var evidence: String
  }

  var labels: Stated<[String]>?
  /// Hundredths of a second.
  var duration: Stated<Int>?
  var level: Stated<Level>?
  var course: Stated<Course>?
  var events: Stated<Events>?
  /// Percent.
  var silence: Stated<Int>?
  /// A `nil` value where the captions say that there is no clear pitch.
  var pitch: Stated<Pitch?>?
  /// Hz.
  var centroid: Stated<Int>?
  var character: Stated<Character>?
  /// Beats per minute.
  var tempo: Stated<Int>?

  /// Tenths of dBFS.
  struct Level: Equatable {
    var average: Int
    var peak: Int
  }

  enum Course: Equatable {
    case even, dipping
    /// dB from start to end.
    case rising(Int)
    case falling(Int)
    /// Where it is loudest, hundredths of a second.
    case swelling(Int)
    case fluctuating(Int)
  }

  struct Events: Equatable {
    var count: Int
    /// Hundredths of a second; where not all are told, the first and the last.
    var starts: [Int]
  }

  struct Tone: Equatable {
    var hertz: Int
    /// MIDI number: 69 is A4, one step is a semitone.
    var note: Int?
  }

  enum Pitch: Equatable {
    case steady(Tone)
    /// From the start to the end.
    case rising(Tone, Tone)
    case falling(Tone, Tone)
    /// The lowest and the highest.
    case arching(Tone, Tone)
    case dipping(Tone, Tone)
    case varying(Tone, Tone)
  }

  enum Character: Equatable {
    case tonal, mixed, noisy
  }

  /// All the evidence there is; empty where no fact was found.
  var evidence: [String] {
    [
      labels?.evidence, duration?.evidence, level?.evidence, course?.evidence, events?.evidence, silence?.evidence,
      pitch?.evidence, centroid?.evidence, character?.evidence, tempo?.evidence,
    ].compactMap(\.self)
  }
}
