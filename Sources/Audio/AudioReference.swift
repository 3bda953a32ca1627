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
