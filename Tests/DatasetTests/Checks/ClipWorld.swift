@testable import Dataset

/// A clip made up for a test, with what is known of it, and good questions about it.
struct ClipWorld {
  struct Sound {
    var label: String
    /// As a clause of a caption, and as a question names it.
    var clause: String
    var family: Int
  }

  static let sounds: [Sound] = [
    ("dog barking", "a dog barks twice", 0), ("cat meowing", "a cat meows", 0), ("cow mooing", "a cow moos", 0),
    ("rooster crowing", "a rooster crows", 0), ("owl hooting", "an owl hoots", 0),
    ("church bells", "church bells ring", 1),
    ("door slam", "a door slams shut", 1), ("car horn", "a car horn honks", 1),
    ("train whistle", "a train whistle blows", 1),
    ("fire alarm", "a fire alarm beeps", 1), ("violin", "a violin plays a slow line", 2),
    ("trumpet", "a trumpet calls", 2), ("snare drum", "a snare drum rolls", 2), ("flute", "a flute trills", 2),
    ("banjo", "a banjo strums", 2), ("thunder", "thunder rumbles", 3), ("ocean waves", "ocean waves break", 3),
    ("crackling fire", "a crackling fire burns", 3), ("waterfall", "a waterfall roars", 3),
    ("wind gust", "a wind gust blows", 3),
    ("footsteps", "footsteps approach", 4), ("baby crying", "a baby cries", 4), ("applause", "applause breaks out", 4),
    ("snoring", "somebody snores", 4), ("typewriter", "a typewriter clacks", 4),
  ].map { Sound(label: $0.0, clause: $0.1, family: $0.2) }

  static let courses: [(measured: String, pitch: String, text: String)] = [
    ("steady", "steady", "it stays even"), ("rising", "rising", "it climbs"), ("falling", "falling", "it sinks"),
    ("swelling", "arching", "it swells, then recedes"), ("dipping", "dipping", "it dips, then recovers"),
    ("fluctuating", "varying", "it keeps changing"),
  ]

  var first: Sound
  var second: Sound
  var absent: [Sound]
  var measured: ClipMeasurements
  var course: Int
  var contour: Int
  var evidence: ClipEvidence
  var random: SeededGenerator

  init(seed: UInt64) {
    var random = SeededGenerator(state: seed)
    let drawn = Self.sounds.shuffled(using: &random)
    (first, second) = (drawn[0], drawn[1])
    absent = Array(drawn.dropFirst(2))
    (course, contour) = (Int.random(in: 0..<6, using: &random), Int.random(in: 0..<6, using: &random))
    let seconds = Double(Int.random(in: 30...290, using: &random)) / 10
    let count = Int.random(in: 2...9, using: &random)
    measured = ClipMeasurements(
      seconds: seconds,
      level: .init(
        course: Self.courses[course].measured, changeDB: [0, 9, -9, 0, 0, 0][course], loudestSeconds: seconds / 2),
      events: (0..<count).map { .init(start: Double($0) * seconds / 10, peakDBFS: -30 + Double($0)) },
      pitch: .init(contour: Self.courses[contour].pitch),
      tempo: .init(beatsPerMinute: Double(Int.random(in: 61...173, using: &random))))
    let told = "\(first.clause.prefix(1).uppercased() + first.clause.dropFirst()), then \(second.clause)."
    let acoustic = "It lasts \(seconds) seconds. \(count) separate sound events are heard."
    evidence = ClipEvidence(
      captions: [acoustic, told], told: [told], labels: [first.label, second.label], measured: measured)
    self.random = random
  }

  static let kinds = 11

  /// A good question; `kind` counts from 0.
  mutating func question(_ kind: Int) -> WrittenQuestion {
    let count = measured.events.count
    let beats = Int(measured.tempo?.beatsPerMinute ?? 100)
    switch kind {
    case 0: return make(["Which sound is heard in the clip?", "What can be heard here?"], first.label, others())
    case 1:
      return make(
        ["How many separate sound events are heard?", "How many distinct sound events stand out?"], "\(count)",
        ["\(count + 1)", "\(count + 2)", "\(count - 1)"])
    case 2:
      let seconds = Int(measured.seconds.rounded())
      return make(
        ["How long is the recording, to the nearest second?", "What is the length of this clip?"], "\(seconds) seconds",
        ["\(seconds * 2) seconds", "\(seconds * 3) seconds", "\(seconds * 5) seconds"])
    case 3:
      return make(
        ["What is the approximate tempo of the recording?", "How fast is the steady beat?"], "\(beats) BPM",
        ["\(beats * 5 / 4 + 1) BPM", "\(beats * 8 / 5) BPM", "\(beats * 3 / 4) BPM"])
    case 4:
      return make(["How does the loudness develop?", "What happens to the volume?"], text(course), texts(but: course))
    case 5:
      return make(
        ["How does the pitch move over time?", "What happens to the pitch?"], text(contour), texts(but: contour))
    case 6:
      return make(
        ["Which sound is heard first?", "Which of these comes first?"], first.label, [second.label] + others().prefix(2)
      )
    case 7:
      return make(
        ["Which sound is heard last?", "What is the last sound?"], second.label, [first.label] + others().prefix(2))
    case 8:
      return make(
        ["Which of these sounds is not heard?", "Which sound is absent from the clip?"], absent[0].label,
        [first.label, second.label])
    case 9:
      return make(
        ["Where was this most likely recorded?", "Which place fits what is heard?"], "in a village square",
        ["on a mountain top", "under deep water", "beside a long runway"])
    default:
      return make(
        ["What best describes the mood?", "Which mood does it have?"], "calm and distant",
        ["tense and restless", "playful and bright", "solemn and heavy"])
    }
  }

  func others() -> [String] { absent.prefix(3).map(\.label) }

  func text(_ course: Int) -> String { Self.courses[course].text }

  func texts(but course: Int) -> [String] {
    (1...3).map { Self.courses[(course + $0) % 6].text }
  }

  private mutating func make(_ stems: [String], _ correct: String, _ wrong: some Sequence<String>) -> WrittenQuestion {
    WrittenQuestion(
      stem: stems[Int.random(in: 0..<stems.count, using: &random)], correct: correct, distractors: Array(wrong),
      evidence: evidence.told[0])
  }
}
