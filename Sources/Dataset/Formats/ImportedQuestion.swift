/// A row of a training or test set, whatever format it was read from: a question with choices, an open prompt with a
/// response, or a sound with what is known of it.
public struct ImportedQuestion: Sendable, Equatable {
  /// As the file has it, else made from the row's content.
  public var id: String
  /// The stem; of an open row its prompt. Empty where the row has only a sound and its captions or labels.
  public var question: String
  /// In the order of the file; empty for an open row.
  public var choices: [String]
  /// Index into `choices`; nil where the answer is withheld.
  public var answer: Int?
  /// What an open row is to be answered with, or the preferred one of two.
  public var response: String?
  /// The worse one of two responses.
  public var rejected: String?
  /// The thoughts that lead to the answer.
  public var rationale: String?
  /// The file of the sound: absolute, or relative to the current folder. Whether it is there is not known.
  public var audio: String?
  /// Where the sound begins in its file, in seconds.
  public var start: Double?
  /// How long the sound is, in seconds; nil for the rest of the file.
  public var duration: Double?
  public var captions: [String]
  public var labels: [String]
  /// The share of a model's attempts that were right, 0...1.
  public var passRate: Double?
  /// How much the sound adds to what the text alone is worth, as AudioMCQ tells; nil where the file does not say.
  public var audioContribution: AudioContribution?
  /// What kind of question it is: a skill, a task, a type. Empty where the file does not say.
  public var task: String
  /// Names of what the sound is a part of: its clip, its recording, the files it was found in. Rows that share one must
  /// not be split between training and testing.
  public var groups: [String]
  /// The row's line in its file.
  public var line: Int

  public init(
    id: String, question: String, choices: [String] = [], answer: Int? = nil, response: String? = nil,
    rejected: String? = nil, rationale: String? = nil, audio: String? = nil, start: Double? = nil,
    duration: Double? = nil, captions: [String] = [], labels: [String] = [], passRate: Double? = nil,
    audioContribution: AudioContribution? = nil, task: String = "", groups: [String] = [], line: Int = 0
  ) {
    self.id = id
    self.question = question
    self.choices = choices
    self.answer = answer
    self.response = response
    self.rejected = rejected
    self.rationale = rationale
    self.audio = audio
    self.start = start
    self.duration = duration
    self.captions = captions
    self.labels = labels
    self.passRate = passRate
    self.audioContribution = audioContribution
    self.task = task
    self.groups = groups
    self.line = line
  }

  /// The text of the right choice; nil for an open row, and where the answer is withheld.
  public var answerText: String? { answer.flatMap { choices.indices.contains($0) ? choices[$0] : nil } }

  /// An identity that follows from the content.
  static func contentID(_ question: ImportedQuestion) -> String {
    ContentID.make(
      domain: "earshot imported question 1",
      [question.question, question.response ?? "", question.rejected ?? "", question.audio.map(fileName) ?? ""]
        + [question.start, question.duration].map { $0.map { "\($0)" } ?? "" }
        + question.choices + ["", ""] + question.captions + ["", ""] + question.labels)
  }

  /// Changes with everything that training takes from the row; the folder of its sound does not count.
  public var digest: String {
    ContentID.make(
      domain: "earshot imported row 1",
      [id, Self.contentID(self), answer.map(String.init) ?? "", rationale ?? "", passRate.map { "\($0)" } ?? ""])
  }

  // The folder is left out, so that a set keeps its identities when it is moved.
  private static func fileName(_ path: String) -> String {
    path.lastIndex(of: "/").map { String(path[path.index(after: $0)...]) } ?? path
  }
}
