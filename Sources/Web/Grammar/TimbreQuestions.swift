extension QuestionWriter {
  mutating func centroid() -> QuestionItem? {
    guard let stated = facts.centroid, stated.value > 0 else { return nil }
    return ask(
      [
        "Around which frequency is the sound's spectrum centred?",
        "What is the approximate spectral centroid of the sound?",
        "Where, roughly, does the balance point of the spectrum lie?",
      ],
      ChoiceNumbers(
        truth: stated.value, bounds: 50...20_000, spacing: ChoiceNumbers.ratio(wrong: wrongAnswers)),
      text: { "\($0) Hz" },
      evidence: stated.evidence, .timbre, .hard)
  }

  mutating func character() -> QuestionItem? {
    // There are three characters; a fourth choice is one that is never right.
    guard let stated = facts.character, asksGuessable || wrongAnswers < 3 else { return nil }
    let answer =
      switch stated.value {
      case .tonal: "mostly tonal"
      case .mixed: "tone and noise alike"
      case .noisy: "mostly noise"
      }
    return ask(
      [
        "What is the overall character of the sound?", "Which best tells what the sound is made of?",
        "How would one describe the texture of the recording?",
      ],
      answer, others: ["mostly tonal", "tone and noise alike", "mostly noise"], rare: ["complete silence"],
      evidence: stated.evidence, .timbre, .medium)
  }

  mutating func tempo() -> QuestionItem? {
    guard let stated = facts.tempo, stated.value > 0 else { return nil }
    return ask(
      [
        "What is the approximate tempo of the recording?", "How fast is the steady beat?",
        "At about what speed does the pulse run?",
      ],
      ChoiceNumbers(
        truth: stated.value, bounds: 25...320, spacing: .ratio(Self.tempoRatio(wrong: wrongAnswers))),
      text: { "\($0) BPM" },
      evidence: stated.evidence, .tempo, .medium)
  }

  /// Closer than other numbers, so that up to four wrong ones stop short of twice the tempo, or half, at which
  /// listeners tap along as well.
  private static func tempoRatio(wrong: Int) -> ClosedRange<Double> {
    switch wrong {
    case ...3: 1.17...1.22
    case 4: 1.13...1.16
    default: 1.1...1.12
    }
  }
}
