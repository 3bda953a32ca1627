/// One item of a test set, whatever file it was read from: a sound, what is asked about it, and what is right.
public struct BenchmarkItem: Sendable, Equatable {
  /// What an answer to the item is, and so how it is scored.
  public enum Kind: String, Sendable, CaseIterable {
    /// One of the item's choices.
    case choice
    /// One label of a set that all items of the task share: an emotion, a vocal sound.
    case label
    /// The words that are spoken.
    case transcript
    /// The words that are spoken, in another language.
    case translation
    /// A description of the sound.
    case caption
    /// The words with the time of each, as Qwen-Audio's SRWT has them.
    case wordTimes = "word-times"
    /// An answer in free text, which a judge compares with the reference.
    case openChat = "open-chat"
  }

  /// Something by which scores are told apart: `task`, `difficulty`.
  public struct Attribute: Sendable, Equatable {
    public var name: String
    public var value: String

    public init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  /// As the file has it, else made from the row's content. No two items of a file share one.
  public var id: String
  public var kind: Kind
  /// The file of the sound, absolute or relative to the current folder; nil where the row names none.
  public var audio: String?
  /// Where the sound begins in its file, in seconds.
  public var start: Double?
  /// How long the sound is, in seconds; nil for the rest of the file.
  public var duration: Double?
  /// The stem or the prompt; empty where the task says it all.
  public var question: String
  /// In the order of the file. Of a label item the labels to choose from, where the row lists them.
  public var choices: [String]
  /// The right choice or label; nil where it is withheld, and for kinds that have references.
  public var answer: String?
  /// The first place of `answer` in `choices`; nil where the answer is withheld, or no choice.
  public var answerIndex: Int?
  /// What a text in answer is compared with: one transcript, some captions. Empty where withheld.
  public var references: [String]
  /// The language that is spoken, as the file names it.
  public var language: String?
  /// The language of a translation, as the file names it.
  public var targetLanguage: String?
  /// In the order in which tables show them; each name once.
  public var attributes: [Attribute]
  /// Names what the sound was cut from, where the file says: items of one recording are not independent.
  public var recording: String?
  /// Names of what the sound is a part of, as rows to learn from have them; see ``ImportedQuestion/groups``.
  public var groups: [String] = []
  /// Descriptions of the sound, where the row has some.
  public var captions: [String] = []
  /// What a chat item's judge is told of the sound; nil for other kinds.
  public var soundDescription: String?
  /// What some model answered, where the file carries it.
  public var prediction: String?
  /// The row's line in its file.
  public var line: Int

  public init(
    id: String, kind: Kind, audio: String? = nil, start: Double? = nil, duration: Double? = nil,
    question: String = "", choices: [String] = [], answer: String? = nil, answerIndex: Int? = nil,
    references: [String] = [], language: String? = nil, targetLanguage: String? = nil,
    attributes: [Attribute] = [], recording: String? = nil, soundDescription: String? = nil,
    prediction: String? = nil, line: Int = 0
  ) {
    self.id = id
    self.kind = kind
    self.audio = audio
    self.start = start
    self.duration = duration
    self.question = question
    self.choices = choices
    self.answer = answer
    self.answerIndex = answerIndex
    self.references = references
    self.language = language
    self.targetLanguage = targetLanguage
    self.attributes = attributes
    self.recording = recording
    self.soundDescription = soundDescription
    self.prediction = prediction
    self.line = line
  }

  /// The value of an attribute; nil where the item has none of that name.
  public func attribute(_ name: String) -> String? { attributes.first { $0.name == name }?.value }

  /// Whether the file keeps back what is right.
  public var isWithheld: Bool { answer == nil && references.isEmpty }
}

extension BenchmarkItem {
  /// Adds an attribute, unless it has no value.
  mutating func describe(_ name: String, _ value: String?) {
    if let value, !value.isEmpty { attributes.append(Attribute(name, value)) }
  }

  /// Takes the choices, and of them the one that `answer` stands for; an empty answer is withheld.
  mutating func take(_ taken: RowChoices) {
    choices = taken.texts
    answer = taken.answer.map { taken.texts[$0] }
    answerIndex = answer.flatMap { choices.firstIndex(of: $0) }
  }

  /// An identity that follows from the content, the sound's folder left out.
  var contentID: String {
    let file = audio.map { path in path.lastIndex(of: "/").map { String(path[path.index(after: $0)...]) } ?? path }
    let place = [start, duration].map { $0.map { "\($0)" } ?? "" }
    return ContentID.make(
      domain: "earshot benchmark item 1",
      [kind.rawValue, file ?? "", question, language ?? "", targetLanguage ?? ""] + place + choices + ["", ""]
        + references + ["", answer ?? ""])
  }
}
