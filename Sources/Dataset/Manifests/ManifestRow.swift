/// What a manifest says of one audio file.
public struct ManifestRow: Sendable, Equatable {
  /// Relative to the audio folder, with `/` and without `.` parts; or only the stem, where the manifest names clips
  /// without saying what kind of file they are.
  public var file: String
  /// As written, in the manifest's order, each once.
  public var labels: [String]
  /// The recording that the file is a part of, where the manifest tells.
  public var recording: String?
  /// The other columns that are not empty, by name.
  public var metadata: [String: String]

  public init(file: String, labels: [String] = [], recording: String? = nil, metadata: [String: String] = [:]) {
    self.file = file
    self.labels = labels
    self.recording = recording
    self.metadata = metadata
  }
}
