/// What is heard in place of an item's sound.
public enum Hearing: String, Sendable, CaseIterable {
  /// The sound.
  case audio
  /// Zeros of the sound's length.
  case silence
  /// White noise of the sound's length.
  case noise
  /// The sound of another item.
  case swap
  /// Nothing; the prompt has no place for a sound either.
  case none
  /// The text of the sound's captions, a line each, where the sound would be.
  case captions
}
