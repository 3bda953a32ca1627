extension QuestionWriter {
  /// Lowest and highest pitch offered, Hz; what people hear.
  private static let audible = 20...20_000

  mutating func firstPitch() -> QuestionItem? {
    guard let stated = facts.pitch, let pitch = stated.value else { return nil }
    let stems =
      switch pitch {
      case .steady:
        [
          "What is the approximate pitch of the sound?", "Around which pitch does the sound stay?",
          "At roughly what pitch is the sound?",
        ]
      case .rising, .falling:
        ["At roughly what pitch does the sound begin?", "What is the approximate pitch at the start?"]
      case .arching, .dipping, .varying:
        ["What is roughly the lowest pitch reached?", "How low does the pitch go, approximately?"]
      }
    return askPitch(pitch.tones[0], stems, evidence: stated.evidence)
  }

  mutating func secondPitch() -> QuestionItem? {
    guard let stated = facts.pitch, let pitch = stated.value, pitch.tones.count > 1 else { return nil }
    let stems =
      switch pitch {
      case .rising, .falling, .steady:
        ["At roughly what pitch does the sound end?", "What is the approximate pitch at the end?"]
      case .arching, .dipping, .varying:
        ["What is roughly the highest pitch reached?", "How high does the pitch go, approximately?"]
      }
    return askPitch(pitch.tones[1], stems, evidence: stated.evidence)
  }

  mutating func note() -> QuestionItem? {
    guard let stated = facts.pitch, let pitch = stated.value else { return nil }
    let place = random.below(pitch.tones.count)
    guard let note = pitch.tones[place].note else { return nil }
    let moment =
      switch pitch {
      case .steady: "the pitch"
      case .rising, .falling: place == 0 ? "the pitch at the start" : "the pitch at the end"
      case .arching, .dipping, .varying: place == 0 ? "the lowest pitch" : "the highest pitch"
      }
    let numbers = ChoiceNumbers(truth: note, bounds: 21...120, spacing: .step(3...6))
    return ask(
      ["Which musical note is closest to \(moment)?", "What musical note does \(moment) come nearest to?"],
      numbers, text: NoteName.name, evidence: stated.evidence, .pitch, .hard)
  }

  mutating func pitchDirection() -> QuestionItem? {
    guard let stated = facts.pitch, let pitch = stated.value else { return nil }
    // Most pitches are steady or wander, so these are guessed rather than heard.
    if !asksGuessable {
      switch pitch {
      case .steady, .varying: return nil
      case .rising, .falling, .arching, .dipping: break
      }
    }
    return ask(
      [
        "How does the pitch move over time?", "Which best tells the course of the pitch?",
        "What happens to the pitch during the recording?",
      ],
      pitch.direction,
      others: ["it climbs", "it drops", "it arches up and back", "it sags, then returns"],
      rare: ["it stays level", "it wanders around"], evidence: stated.evidence, .pitch, .easy)
  }

  private mutating func askPitch(_ tone: RecordingFacts.Tone, _ stems: [String], evidence: String) -> QuestionItem? {
    guard Self.audible.contains(tone.hertz) else { return nil }
    return ask(
      stems,
      ChoiceNumbers(
        truth: tone.hertz, bounds: Self.audible, spacing: ChoiceNumbers.ratio(wrong: wrongAnswers)),
      text: { "\($0) Hz" },
      evidence: evidence, .pitch, .medium)
  }
}

extension RecordingFacts.Pitch {
  /// The tones told of, one or two.
  fileprivate var tones: [RecordingFacts.Tone] {
    switch self {
    case .steady(let tone): [tone]
    case .rising(let first, let second), .falling(let first, let second), .arching(let first, let second),
      .dipping(let first, let second), .varying(let first, let second):
      [first, second]
    }
  }

  fileprivate var direction: String {
    switch self {
    case .steady: "it stays level"
    case .rising: "it climbs"
    case .falling: "it drops"
    case .arching: "it arches up and back"
    case .dipping: "it sags, then returns"
    case .varying: "it wanders around"
    }
  }
}
