/// Passes on the caption that somebody else made: a column of the manifest.
public struct ManifestCaptioner: Captioner {
  public let name = "manifest"
  public let needsAudio = false
  /// The manifest's column that holds the captions.
  public let column: String

  /// Raise it when the cleaning of the text changes.
  static let version = "1"

  public init(column: String = "caption") {
    self.column = column
  }

  public var identity: [String: String] {
    ["captioner": name, "version": Self.version, "column": column]
  }

  public func captions(for clips: [CaptionInput]) -> [Result<[CaptionDraft], CaptioningError>] {
    clips.map { clip in
      let text = captionText(clip.metadata[column] ?? "")
      return text.isEmpty
        ? .failure(.noCaption(clip: clip.clip, column: column)) : .success([CaptionDraft(text: text)])
    }
  }
}
