/// What the balance of a set needs to know of a question.
public struct SetQuestion: Sendable, Equatable {
  public var id: String
  /// The clip it is asked of; empty where each question has its own.
  public var clip: String
  public var split: String
  /// All labels of its clip, as the manifest gives them.
  public var labels: [String]
  public var correct: String
  public var distractors: [String]
  /// What is asked; empty where that is not known.
  public var stem: String
  /// What it takes to answer; empty where that is not known.
  public var skill: String

  public init(
    id: String, clip: String = "", split: String, labels: [String], correct: String, distractors: [String],
    stem: String = "", skill: String = ""
  ) {
    self.id = id
    self.clip = clip
    self.split = split
    self.labels = labels
    self.correct = correct
    self.distractors = distractors
    self.stem = stem
    self.skill = skill
  }

  public var choices: [String] { [correct] + distractors }
}

/// A question that the balance of a set leaves out.
public struct DroppedQuestion: Sendable, Equatable {
  public var id: String
  public var verdict: Verdict

  public init(id: String, verdict: Verdict) {
    self.id = id
    self.verdict = verdict
  }
}
