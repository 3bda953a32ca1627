/// How the samples of an export's sounds are kept; its name is what their files' names end in. Both are mono, 16 kHz, 16
/// bits, and decode to the same samples.
public enum SoundEncoding: String, Sendable, CaseIterable {
  case wav
  /// Without loss, in about half the bytes.
  case flac
}
