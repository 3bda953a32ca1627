/// A written question, as it stands in the writer's JSON.
struct QuestionItem: Encodable, Equatable {
  enum Skill: String, Encodable {
    case identification, counting, timing, pitch, loudness, tempo, timbre, inference
  }

  enum Difficulty: String, Encodable {
    case easy, medium, hard
  }

  var question: String
  var correct: String
  var distractors: [String]
  /// The sentence of the caption that the answer follows from.
  var evidence: String
  var skill: Skill
  var difficulty: Difficulty
}

/// The choices of a question, before it is asked.
struct Choices: Equatable {
  var correct: String
  var wrong: [String]

  /// The choices, where they can be told apart: no two with the same words, none within another.
  init?(correct: String, wrong: [String]) {
    let texts = [correct] + wrong
    let tokens = texts.map { TextTokens($0) }
    guard tokens.allSatisfy({ !$0.words.isEmpty }) else { return nil }
    for later in texts.indices {
      for earlier in 0..<later {
        let isPart = texts[later].hasBytes(of: texts[earlier]) || texts[earlier].hasBytes(of: texts[later])
        if isPart || tokens[later].overlaps(tokens[earlier]) { return nil }
      }
    }
    self.correct = correct
    self.wrong = wrong
  }
}
