/// A file of rows, or a run, that an import takes questions from.
public struct ImportFileListing: Sendable, Equatable {
  /// Absolute.
  public var path: String
  /// What the user calls the set that it is a part of.
  public var set: String
  /// Everything that what is read from it depends on: its size and time, the format, where sounds are looked for.
  public var stamp: String

  public init(path: String, set: String, stamp: String) {
    (self.path, self.set, self.stamp) = (path, set, stamp)
  }
}

/// A file that waits for being read.
public struct ImportFileRecord: Sendable, Equatable {
  public var id: Int64
  public var path: String
  public var set: String
}

/// A text that many rows share, under a key that follows from it.
public struct SharedText: Sendable, Hashable {
  public var key: String
  public var body: String

  public init(key: String, body: String) {
    (self.key, self.body) = (key, body)
  }
}

/// The sound of a row, before it is decoded.
public struct ImportSoundListing: Sendable, Hashable {
  /// From the root of the file system, without its first "/".
  public var path: String
  /// Bytes; -1 where the file is missing.
  public var size: Int
  /// Nanoseconds since 1970.
  public var modified: Int
  /// Which part of the file, in the words of who decodes it; empty for all of it.
  public var stretch: String

  public init(path: String, size: Int, modified: Int, stretch: String) {
    self.path = path
    self.size = size
    self.modified = modified
    self.stretch = stretch
  }
}

/// A row of a set as it was read.
public struct ImportRowRecord: Sendable, Equatable {
  public var line: Int
  /// Why the row cannot be used; then the rest is empty.
  public var code: String?
  public var detail: String?
  public var sound: ImportSoundListing?
  /// The question's id in its set.
  public var id = ""
  /// What the set calls the clip; empty where it does not.
  public var clip = ""
  /// Empty where the set does not say.
  public var split = ""
  public var stem = ""
  /// In the order of the row.
  public var choices: [String] = []
  public var answerIndex = 0
  public var skill = ""
  public var difficulty = ""
  /// "strong" or "weak".
  public var contribution: String?
  public var labels: [String] = []
  public var evidence = ""
  public var rationale = ""
  public var shares = AnswerShares()
  public var recording = ""
  public var metadata: [String: String] = [:]
  /// The files that the clip was found in when the question was made.
  public var sources: [String] = []
  public var captions: SharedText?
  public var making: SharedText?

  public init(line: Int, code: String? = nil, detail: String? = nil) {
    (self.line, self.code, self.detail) = (line, code, detail)
  }
}

/// A stretch of a file that is to be decoded.
public struct PendingSound: Sendable, Equatable {
  public var id: Int64
  public var stretch: String
}

/// A file with the stretches of it that rows name.
public struct PendingImportSource: Sendable, Equatable {
  public var source: PendingSource
  public var sounds: [PendingSound]
}

/// What decoding a stretch gave: samples, or a reason why not.
public struct DecodedSound: Sendable, Equatable {
  public var id: Int64
  public var clip: ScannedClip?
  public var rejection: Rejection?

  public init(id: Int64, clip: ScannedClip?, rejection: Rejection?) {
    (self.id, self.clip, self.rejection) = (id, clip, rejection)
  }
}

/// A sound that rows name, and what their set calls it.
public struct NamedSound: Sendable, Equatable {
  public var id: Int64
  /// The identity that follows from the samples.
  public var content: String
  public var seconds: Double
  /// Empty where the set does not name it.
  public var name: String
}

/// A usable row with where it stands and what its sound is.
public struct ImportedRowRecord: Sendable, Equatable {
  public var file: Int64
  public var set: String
  public var row: ImportRowRecord
  /// Whether no usable row before it has the same id.
  public var isFirstOfID: Bool
  /// Whether it is known what became of it.
  public var isSettled: Bool
  public var source: Int64
  public var content: String
  public var sha256: String
  public var seconds: Double
  public var startFrame: Int
  public var frames: Int
}

/// What an import makes of the rows of one clip.
public struct ImportedClip: Sendable, Equatable {
  /// What became of a row: a question, or the repeat of one.
  public struct Outcome: Sendable, Equatable {
    public var file: Int64
    public var line: Int
    public var question: String?
    public var repeats: String?

    public init(file: Int64, line: Int, question: String? = nil, repeats: String? = nil) {
      (self.file, self.line, self.question, self.repeats) = (file, line, question, repeats)
    }
  }

  /// A place where the clip's samples are.
  public struct Place: Sendable, Hashable {
    public var source: Int64
    public var startFrame: Int
    public var frames: Int

    public init(source: Int64, startFrame: Int, frames: Int) {
      (self.source, self.startFrame, self.frames) = (source, startFrame, frames)
    }
  }

  public var id: String
  /// Changes with everything else here.
  public var digest: String
  public var sha256: String
  public var seconds: Double
  public var labels: [String]
  public var metadata: [String: String]
  public var recording: String
  public var places: [Place]
  public var captions: [CaptionRecord]
  public var prompts: [PromptRecord]
  public var questions: [QuestionRecord]
  public var outcomes: [Outcome]
  /// Whether this is what the store has, but for rows that were read again.
  public var isSame = false

  public init(id: String) {
    self.id = id
    (digest, sha256, seconds, recording) = ("", "", 0, "")
    (labels, metadata, places, captions, prompts, questions, outcomes) = ([], [:], [], [], [], [], [])
  }
}

/// What a set said of a question beyond what all questions have.
public struct ImportedDetails: Sendable, Equatable {
  public var contribution: String?
  public var shares: AnswerShares
  /// JSON; nil where the set had none.
  public var captions: String?
  public var making: String?
  public var sources: [String]
  public var metadata: [String: String]
}

/// A set in numbers.
public struct ImportedSetCount: Sendable, Equatable, Codable {
  public var set: String
  public var rows: Int
  /// Rows that could not be used, or whose sound could not.
  public var refused: Int
  /// Rows that repeat a question of this or another set.
  public var repeats: Int
  /// Questions that no later stage rejected.
  public var accepted: Int
}
