/// A question as exports show it: placed, and with all that is known of where it came from.
public struct ExportedQuestion: Sendable, Equatable {
  /// A caption that the writer saw.
  public struct Caption: Sendable, Equatable {
    public var captioner: String
    public var text: String
    /// The model that wrote it, and what names its weights; empty where no model did.
    public var model: String
    public var revision: String
    /// What the model was asked: the prompt's name, and the SHA-256 of its file.
    public var prompt: String
    public var promptHash: String
    /// How the text was sampled, as JSON; empty where it was not.
    public var sampling: String
    /// Mean over the caption's tokens of the natural logarithm of their probabilities, where it is known.
    public var meanLogProbability: Double?
    /// The data set that the caption was taken from; empty where it was made for the clip.
    public var origin: String

    public init(
      captioner: String, text: String, model: String = "", revision: String = "", prompt: String = "",
      promptHash: String = "", sampling: String = "", meanLogProbability: Double? = nil, origin: String = ""
    ) {
      self.captioner = captioner
      self.text = text
      self.model = model
      self.revision = revision
      self.prompt = prompt
      self.promptHash = promptHash
      self.sampling = sampling
      self.meanLogProbability = meanLogProbability
      self.origin = origin
    }
  }

  /// What made the question.
  public struct Provenance: Sendable, Equatable {
    /// The writer's model, as the endpoint names it.
    public var model: String
    /// The prompt's name.
    public var prompt: String
    /// SHA-256 of the prompt file, hexadecimal.
    public var promptHash: String
    public var captioners: [String]
    public var checksVersion: Int
    /// The files that the clip was found in, relative to the audio folder.
    public var sources: [String]

    public init(
      model: String, prompt: String, promptHash: String, captioners: [String], checksVersion: Int, sources: [String]
    ) {
      self.model = model
      self.prompt = prompt
      self.promptHash = promptHash
      self.captioners = captioners
      self.checksVersion = checksVersion
      self.sources = sources
    }
  }

  public var id: String
  /// The clip's identity.
  public var clip: String
  public var split: String
  /// Relative to the folder of the export.
  public var audioPath: String
  public var question: String
  public var choices: [String]
  /// Index into `choices`.
  public var answerIndex: Int
  /// Empty where the writer gave none.
  public var skill: String
  /// Empty where the writer gave none.
  public var difficulty: String
  public var labels: [String]
  /// What the writer quoted from the captions; may be empty.
  public var evidence: String
  /// The thoughts that lead to the answer; empty where none were asked for.
  public var rationale = ""
  /// Whether the question needs its sound; nil where that was not found out.
  public var audioContribution: AudioContribution?
  /// How often it was answered rightly, where that is known.
  public var rates: [AnswerRate: Double] = [:]
  public var captions: [Caption]
  public var provenance: Provenance
  /// Members that others of the set have, so that its rows have them too, empty where nothing is known.
  public var sharedMembers: Set<SharedMember> = []
  /// What the set that the question was imported from says of it beyond all that, by name.
  public var origin: [String: String] = [:]

  /// A member that is in all rows of a set or in none.
  public enum SharedMember: Sendable, Hashable {
    case audioContribution, rationale
    case rate(AnswerRate)
  }

  public init(
    id: String, clip: String, split: String, audioPath: String, question: String, choices: [String], answerIndex: Int,
    skill: String = "", difficulty: String = "", labels: [String], evidence: String = "", captions: [Caption],
    provenance: Provenance
  ) {
    self.id = id
    self.clip = clip
    self.split = split
    self.audioPath = audioPath
    self.question = question
    self.choices = choices
    self.answerIndex = answerIndex
    self.skill = skill
    self.difficulty = difficulty
    self.labels = labels
    self.evidence = evidence
    self.captions = captions
    self.provenance = provenance
  }

  /// The text of the right choice; empty where the index points outside the choices.
  public var answer: String { choices.indices.contains(answerIndex) ? choices[answerIndex] : "" }
}
