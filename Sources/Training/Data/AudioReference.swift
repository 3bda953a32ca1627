/// A sound in a file.
public struct AudioReference: Sendable, Hashable {
  public var path: String
  /// Where the sound begins in its file, in seconds.
  public var start: Double?
  /// In seconds; nil for the rest of the file.
  public var duration: Double?
  /// Whether silence of the same length is heard in its place.
  public var isSilenced: Bool

  public init(path: String, start: Double? = nil, duration: Double? = nil, isSilenced: Bool = false) {
    self.path = path
    self.start = start
    self.duration = duration
    self.isSilenced = isSilenced
  }
}

/// What the policy gets to hear of an example.
public enum AudioMode: String, Sendable, CaseIterable {
  /// The sound.
  case audio
  /// Zeros of the sound's length.
  case silence
  /// Nothing; the prompt has no place for a sound either.
  case none
  /// The text of the sound's captions, a line each, where the sound would be.
  case captions
}
