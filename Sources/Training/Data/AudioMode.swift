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
