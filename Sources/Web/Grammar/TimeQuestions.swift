extension QuestionWriter {
  mutating func duration() -> QuestionItem? {
    guard let stated = facts.duration, stated.value > 0 else { return nil }
    let time = TimeUnit(for: stated.value, seconds: stated.value >= 500)
    let hint = time.hint(for: stated.value)
    return ask(
      [
        "How long is the recording\(hint)?",
        "What is the length of this clip\(hint)?",
        "For how long does the recording run\(hint)?",
        "How much time passes from the start to the end of the recording\(hint)?",
      ],
      ChoiceNumbers(
        truth: time.value(stated.value), bounds: time.grain...1_000_000, grain: time.grain,
        spacing: ChoiceNumbers.ratio(wrong: wrongAnswers)), text: time.text,
      evidence: stated.evidence, .timing, .medium)
  }

  mutating func eventCount() -> QuestionItem? {
    guard let stated = facts.events, stated.value.count >= (asksGuessable ? 1 : 2) else { return nil }
    let count = stated.value.count
    return ask(
      [
        "How many separate sound events are heard?",
        "How many distinct sounds stand out in the recording?",
        "Count the separate sound events in this clip: how many are there?",
      ],
      ChoiceNumbers(
        // None at all is a choice nobody takes, so it is there only where the place of the answer needs it.
        truth: count, bounds: (count == 3 ? 0 : 1)...1_000, spacing: .step(Self.countStep(count))),
      text: { String($0) },
      evidence: stated.evidence, .counting, count > 4 ? .hard : .medium)
  }

  /// How far apart counts are: the larger, the less sure a listener is.
  private static func countStep(_ count: Int) -> ClosedRange<Int> {
    switch count {
    case ..<8: 1...1
    case ...12: 1...2
    default: 2...4
    }
  }

  mutating func eventTime() -> QuestionItem? {
    guard let stated = facts.events, let duration = facts.duration else { return nil }
    let starts = stated.value.starts
    let tellsAll = starts.count == stated.value.count
    for place in random.shuffled(Array(starts.indices)) {
      guard let name = Self.eventName(place, of: starts.count, tellsAll: tellsAll) else { continue }
      let item = askMoment(
        starts[place], within: duration.value, evidence: stated.evidence
      ) { hint in
        ["When does \(name) begin\(hint)?", "How far into the recording does \(name) start\(hint)?"]
      }
      if let item { return item }
    }
    return nil
  }

  mutating func loudestTime() -> QuestionItem? {
    guard let stated = facts.course, let duration = facts.duration else { return nil }
    guard case .swelling(let loudest) = stated.value else {
      guard case .fluctuating(let loudest) = stated.value else { return nil }
      return askLoudest(loudest, within: duration.value, evidence: stated.evidence)
    }
    return askLoudest(loudest, within: duration.value, evidence: stated.evidence)
  }

  private mutating func askLoudest(_ loudest: Int, within duration: Int, evidence: String) -> QuestionItem? {
    askMoment(loudest, within: duration, evidence: evidence) { hint in
      [
        "At what point is the recording loudest\(hint)?",
        "How far into the clip does the loudness peak\(hint)?",
      ]
    }
  }

  /// Asks for a moment, both times in hundredths of a second.
  private mutating func askMoment(
    _ moment: Int, within duration: Int, evidence: String, stems: (String) -> [String]
  ) -> QuestionItem? {
    let time = TimeUnit(for: moment, seconds: duration >= 1_000)
    let (truth, end) = (time.value(moment), time.value(duration))
    let apart = max(2 * time.grain, (end / 10 + time.grain - 1) / time.grain * time.grain)
    guard truth >= time.grain, truth <= end else { return nil }
    return ask(
      stems(time.hint(for: moment)),
      ChoiceNumbers(
        truth: truth, bounds: time.grain...end, grain: time.grain,
        spacing: .step(apart...max(apart, end / 4 / time.grain * time.grain))), text: time.text,
      evidence: evidence, .timing, .hard)
  }

  private static func eventName(_ place: Int, of count: Int, tellsAll: Bool) -> String? {
    let ordinals = ["first", "second", "third", "fourth", "fifth", "sixth"]
    if count == 1 { return "the sound event" }
    if place == count - 1 { return "the last sound event" }
    if place == 0 { return "the first sound event" }
    return tellsAll && place < ordinals.count ? "the \(ordinals[place]) sound event" : nil
  }
}

/// The unit that choices of time are written in: whole numbers, since matchers that compare words take "1.5" and "5.1"
/// for the same.
private struct TimeUnit {
  /// Times shown are multiples of it, in this unit.
  let grain: Int
  private let inSeconds: Bool

  /// - Parameter centiseconds: the time that will be shown, hundredths of a second.
  init(for centiseconds: Int, seconds: Bool) {
    inSeconds = seconds
    grain = seconds ? 1 : centiseconds % 10 == 0 ? 100 : 10
  }

  func value(_ centiseconds: Int) -> Int {
    inSeconds ? (centiseconds + 50) / 100 : centiseconds * 10
  }

  func text(_ value: Int) -> String {
    inSeconds ? "\(value) \(value == 1 ? "second" : "seconds")" : "\(value) milliseconds"
  }

  /// Words for the question where the time is rounded.
  func hint(for centiseconds: Int) -> String {
    inSeconds && centiseconds % 100 != 0 ? ", to the nearest second" : ""
  }
}
