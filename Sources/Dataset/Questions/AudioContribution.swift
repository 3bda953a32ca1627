/// Whether a question needs its sound, as AudioMCQ (arXiv 2509.21060) divides questions.
public enum AudioContribution: String, Sendable, CaseIterable {
  /// Models that hear silence answer it too.
  case weak
  /// Models that hear silence fail.
  case strong
}
