public import Dataset

/// What a phase trains on and how its rows are put to the policy.
public struct DataSettings: Sendable, Equatable {
  /// The folder of an export of ours, or of a run that has one: its parts are read where no files are named.
  public var set: String?
  /// Files of rows, one set together.
  public var train: [String]
  /// Rows that a run is watched on; without them, `devShare` of the training rows is. Nil for those of `set`.
  public var dev: [String]?
  /// Rows that the best checkpoint is measured on. Nil for those of `set`.
  public var test: [String]?
  /// Nil where each row tells its format.
  public var format: QuestionFormat?
  /// Where sounds are; nil for the folder of each file.
  public var audioFolder: String?
  /// The prompt file.
  public var prompt: String
  public var audio: AudioMode
  public var form: AnswerForm
  /// Whether each epoch shows the choices of a question in an order of its own.
  public var shufflesChoices: Bool
  /// Whether "video" in a question is read "audio".
  public var replacesVideo: Bool
  /// The share of the training rows that is held out where there are no dev files, 0..<1.
  public var devShare: Double
  /// Kinds of questions that are used, of all parts; none for all.
  public var tasks: [String]
  /// Trains on the rows alone whose sound adds so much; nil for all.
  public var audioContribution: AudioContribution?
  /// The most rows that are used of the training files, from their start; nil for all.
  public var limit: Int?

  public init(
    set: String? = nil, train: [String] = [], dev: [String]? = nil, test: [String]? = nil,
    format: QuestionFormat? = nil,
    audioFolder: String? = nil, prompt: String = "", audio: AudioMode = .audio, form: AnswerForm = .choice,
    shufflesChoices: Bool = false, replacesVideo: Bool = false, devShare: Double = 0,
    tasks: [String] = [], audioContribution: AudioContribution? = nil, limit: Int? = nil
  ) {
    self.set = set
    self.train = train
    self.dev = dev
    self.test = test
    self.format = format
    self.audioFolder = audioFolder
    self.prompt = prompt
    self.audio = audio
    self.form = form
    self.shufflesChoices = shufflesChoices
    self.replacesVideo = replacesVideo
    self.devShare = devShare
    self.tasks = tasks
    self.audioContribution = audioContribution
    self.limit = limit
  }
}
