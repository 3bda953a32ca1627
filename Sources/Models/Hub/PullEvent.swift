/// What happens during a pull.
public enum PullEvent: Sendable, Equatable {
  /// The list is there: so many files at this commit, of so many bytes in all.
  case listed(commit: String, files: Int, bytes: Int)
  /// A file's so many bytes are there, and are read for their checksum.
  case checking(file: String, bytes: Int)
  /// So many bytes are there already, from earlier.
  case found(bytes: Int)
  /// So many bytes came; less than nothing where a file has to be started over.
  case received(bytes: Int)
  /// An attempt broke off; the next one comes after so many seconds.
  case waiting(file: String, reason: String, seconds: Double)
}
