/// A question that stands, in its words or in its sound, in a test set.
public struct ContaminationMatch: Sendable, Equatable {
  public enum Kind: String, Sendable, CaseIterable, Codable {
    /// Stem and choices are nearly the same.
    case question
    /// A run of words is the same.
    case words
    /// The sound is of the same seconds of a YouTube video.
    case youTube = "youtube"
    case freesound
    /// The sound's file has the same name.
    case fileName = "file-name"
    /// The sound itself is the same.
    case audio
  }

  public var kind: Kind
  /// The test set, as it was named; of sounds, their folder.
  public var file: String
  /// The item, and its line in the file; of sounds, a file below the folder, and 0.
  public var item: String
  public var line: Int
  /// What is the same, to be read.
  public var detail: String
  /// Of questions and sounds that are nearly the same, 0...1.
  public var similarity: Double?

  public init(kind: Kind, file: String, item: String, line: Int, detail: String, similarity: Double? = nil) {
    self.kind = kind
    self.file = file
    self.item = item
    self.line = line
    self.detail = detail
    self.similarity = similarity
  }
}
