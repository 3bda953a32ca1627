extension QuestionWriter {
  mutating func averageLevel() -> QuestionItem? {
    guard let stated = facts.level else { return nil }
    return askLevel(
      stated.value.average,
      [
        "What is the approximate average level of the recording?",
        "How strong is the signal on average, relative to full scale?",
        "Roughly what level does the recording have on average?",
      ], evidence: stated.evidence)
  }

  mutating func peakLevel() -> QuestionItem? {
    guard let stated = facts.level else { return nil }
    return askLevel(
      stated.value.peak,
      [
        "What is the approximate peak level of the recording?",
        "How high does the signal peak, relative to full scale?",
      ], evidence: stated.evidence)
  }

  mutating func loudnessChange() -> QuestionItem? {
    guard let stated = facts.course else { return nil }
    let (change, verb): (Int, String)
    switch stated.value {
    case .rising(let decibels): (change, verb) = (decibels, "grow louder")
    case .falling(let decibels): (change, verb) = (decibels, "fade")
    case .even, .dipping, .swelling, .fluctuating: return nil
    }
    guard change > 0 else { return nil }
    return ask(
      [
        "By roughly how much does the recording \(verb) from start to end?",
        "How much does the sound \(verb) over the whole clip, approximately?",
      ],
      ChoiceNumbers(truth: change, bounds: 1...120, spacing: ChoiceNumbers.ratio(wrong: wrongAnswers)),
      text: { "\($0) dB" },
      evidence: stated.evidence, .loudness, .hard)
  }

  mutating func loudnessCourse() -> QuestionItem? {
    guard let stated = facts.course else { return nil }
    let answer =
      switch stated.value {
      case .even: "it holds even"
      case .rising: "it builds up"
      case .falling: "it dies away"
      case .swelling: "it swells, then recedes"
      case .dipping: "it dips, then recovers"
      case .fluctuating: "it keeps changing"
      }
    if !asksGuessable, stated.value == .even { return nil }
    return ask(
      [
        "How does the loudness develop?", "Which best tells the course of the loudness?",
        "What happens to the volume from start to end?",
      ],
      answer,
      others: [
        "it builds up", "it dies away", "it swells, then recedes", "it dips, then recovers", "it keeps changing",
      ], rare: ["it holds even"], evidence: stated.evidence, .loudness, .easy)
  }

  mutating func silence() -> QuestionItem? {
    guard let stated = facts.silence, (asksGuessable ? 5...95 : 15...85).contains(stated.value) else { return nil }
    return ask(
      [
        "How much of the recording is silent?", "What share of the clip is silence?",
        "Roughly which part of the recording has no sound?",
      ],
      ChoiceNumbers(truth: stated.value, bounds: 1...99, spacing: .step(6...18)), text: { "\($0) percent" },
      evidence: stated.evidence, .timing, .medium)
  }

  /// - Parameter level: tenths of dBFS.
  private mutating func askLevel(_ level: Int, _ stems: [String], evidence: String) -> QuestionItem? {
    let rounded = (level - 5) / 10
    guard rounded < 0 else { return nil }
    return ask(
      stems, ChoiceNumbers(truth: rounded, bounds: -90...(-1), spacing: .step(4...9)), text: { "\($0) dBFS" },
      evidence: evidence, .loudness, .hard)
  }
}
