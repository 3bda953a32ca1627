/// Writes the question of one kind about one recording. Two writers made with the same values write the same.
struct QuestionWriter {
  let facts: RecordingFacts
  let wrongAnswers: Int
  /// Whether to ask even where the answer is easily guessed: a number that cannot take every place among the choices,
  /// or a property that most recordings share. For recordings of which there is little to say.
  let asksGuessable: Bool
  var random: SplitMix64

  init(facts: RecordingFacts, kind: QuestionKind, wrongAnswers: Int, asksGuessable: Bool, seed: UInt64) {
    self.facts = facts
    self.wrongAnswers = wrongAnswers
    self.asksGuessable = asksGuessable
    random = SplitMix64(seed: StableHash.mix(seed, UInt64(kind.rawValue)))
  }

  /// The question, or `nil` where the facts give none of this kind.
  mutating func question(_ kind: QuestionKind) -> QuestionItem? {
    switch kind {
    case .label: label()
    case .duration: duration()
    case .eventCount: eventCount()
    case .eventTime: eventTime()
    case .loudestTime: loudestTime()
    case .firstPitch: firstPitch()
    case .secondPitch: secondPitch()
    case .note: note()
    case .pitchDirection: pitchDirection()
    case .averageLevel: averageLevel()
    case .peakLevel: peakLevel()
    case .loudnessChange: loudnessChange()
    case .loudnessCourse: loudnessCourse()
    case .silence: silence()
    case .centroid: centroid()
    case .character: character()
    case .tempo: tempo()
    }
  }

  /// A question whose choices are numbers, each written by `text`.
  mutating func ask(
    _ stems: [String], _ numbers: ChoiceNumbers, text: (Int) -> String, evidence: String,
    _ skill: QuestionItem.Skill, _ difficulty: QuestionItem.Difficulty
  ) -> QuestionItem? {
    let choices = numbers.choices(wrong: wrongAnswers, anyPlace: asksGuessable, random: &random, text: text)
    return choices.flatMap { ask(stems, $0, evidence: evidence, skill, difficulty) }
  }

  /// A question whose choices are `correct` and some of `others`; where these are too few, `rare` ones join them. What
  /// is rarely the answer is rarely offered, since a choice that is always wrong can be ruled out unheard.
  mutating func ask(
    _ stems: [String], _ correct: String, others: [String], rare: [String], evidence: String,
    _ skill: QuestionItem.Skill, _ difficulty: QuestionItem.Difficulty
  ) -> QuestionItem? {
    let pool = random.shuffled(others.filter { $0 != correct }) + random.shuffled(rare.filter { $0 != correct })
    let wrong = random.shuffled(Array(pool.prefix(wrongAnswers)))
    guard wrong.count == wrongAnswers, let choices = Choices(correct: correct, wrong: wrong) else { return nil }
    return ask(stems, choices, evidence: evidence, skill, difficulty)
  }

  /// A question in one of the wordings `stems`, none of whose words give the answer away.
  mutating func ask(
    _ stems: [String], _ choices: Choices, evidence: String, _ skill: QuestionItem.Skill,
    _ difficulty: QuestionItem.Difficulty
  ) -> QuestionItem? {
    let answer = TextTokens(choices.correct)
    let fitting = stems.filter { !TextTokens($0).sharesContent(with: answer) }
    guard !fitting.isEmpty else { return nil }
    return QuestionItem(
      question: random.pick(fitting), correct: choices.correct, distractors: choices.wrong, evidence: evidence,
      skill: skill, difficulty: difficulty)
  }
}
