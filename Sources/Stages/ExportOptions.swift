public import Dataset

/// What of a set goes into an export, and in which order.
public struct ExportOptions: Sendable {
  /// What becomes of the sounds; nil for what is usual in the format.
  public var sounds: SoundHandling?
  /// Of the files, or of what is inside the rows.
  public var encoding = SoundEncoding.wav
  public var splits = Split.allCases
  /// Questions with this audio contribution alone.
  public var only: AudioContribution?
  /// The most questions of each split.
  public var limit: Int?
  /// Another seed gives another order; without one, questions come by clip.
  public var shuffleSeed: UInt64?

  public init() {}
}
