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
  /// The test set, as it was named.
  public var file: String
  /// The item, and its line in the file.
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

/// Finds sounds of test sets among a run's clips by what they sound like. What compares fingerprints of audio does it; the
/// search by words and names needs none.
public protocol SoundMatcher: Sendable {
  /// The items whose sound the clip is, or is a part of.
  func matches(clip: String) throws -> [ContaminationMatch]
}
