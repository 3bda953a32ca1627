/// A question of a set that somebody made, with everything that the set's format has room for.
public struct ImportRow: Sendable, Equatable {
  /// As an export shows it. What the row does not say is empty; ``ExportedQuestion/audioPath`` is as the row has it.
  public var question: ExportedQuestion
  /// Nil where the row names none.
  public var sound: ImportSound?
  /// What the sound is a part of, such as the video that it was cut from; empty where the row does not say.
  public var recording = ""
  /// What else the row says, by name.
  public var metadata: [String: String] = [:]
  /// The row's line in its file, or its number there, from 1.
  public var line = 0

  public init(question: ExportedQuestion) { self.question = question }

  /// A question with nothing known of it but its words.
  public init(stem: String, choices: [String], answerIndex: Int) {
    question = ExportedQuestion(
      id: "", clip: "", split: "", audioPath: "", question: stem, choices: choices, answerIndex: answerIndex,
      labels: [], captions: [], provenance: .unknown)
  }

  /// An identity that follows from the row's words and the name of its sound.
  public var contentID: String {
    let name = question.audioPath.split(separator: "/").last.map(String.init) ?? ""
    let answer = String(question.answerIndex)
    return ContentID.make(
      domain: "earshot import row 1",
      [question.question, question.clip.isEmpty ? name : question.clip, answer]
        + question.choices)
  }
}

/// Where the sound of a row is.
public struct ImportSound: Sendable, Equatable {
  public enum Place: Sendable, Equatable {
    /// Absolute, or relative to the current folder. Whether it is there is not known.
    case file(String)
    /// A sound file inside the set's own file, and what it is called there.
    case bytes([UInt8], name: String)
  }

  public var place: Place
  /// Where the sound begins in its file, in seconds.
  public var start: Double?
  /// In seconds; nil for the rest of the file.
  public var duration: Double?
  /// The same exactly, in the file's own frames, where that is known.
  public var frames: Range<Int>?

  public init(_ place: Place, start: Double? = nil, duration: Double? = nil) {
    self.place = place
    self.start = start
    self.duration = duration
  }
}

/// What one row of a set is.
public enum ImportEntry: Sendable, Equatable {
  case row(ImportRow)
  /// Why the row cannot be used: no capital, no full stop.
  case refused(line: Int, code: ReasonCode, reason: String)
}

extension ExportedQuestion.Provenance {
  /// Of a row that says nothing of how it was made.
  public static let unknown = ExportedQuestion.Provenance(
    model: "", prompt: "", promptHash: "", captioners: [], checksVersion: 0, sources: [])
}

extension ExportedQuestion.Caption {
  /// What captions are said to be by where a set does not tell.
  public static let given = "given"
}

extension ImportRow {
  /// The name of the clip: what the row says, where a file can be called so, else that of the sound's file where it is
  /// an identity of Earshot's.
  public var clipName: String {
    if !question.clip.isEmpty { return isSafeName(question.clip) ? question.clip : "" }
    let file = question.audioPath.split(separator: "/").last.map(String.init) ?? ""
    let stem = file.firstIndex(of: ".").map { String(file[..<$0]) } ?? file
    return Self.isIdentity(stem) ? stem : ""
  }

  /// Whether a name is one that Earshot gives: 16 hexadecimal digits that follow from the samples.
  public static func isIdentity(_ name: String) -> Bool {
    name.utf8.count == 16 && name.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
  }
}

/// Whether files in exports can have a name that somebody else gave: nothing in it that a path could stumble over.
func isSafeName(_ name: String) -> Bool {
  let isSafe: (UInt8) -> Bool = {
    (0x30...0x39).contains($0) || (0x61...0x7A).contains($0 | 0x20) || $0 == 0x5F || $0 == 0x2D
  }
  return (1...100).contains(name.utf8.count) && name.utf8.allSatisfy(isSafe)
}
