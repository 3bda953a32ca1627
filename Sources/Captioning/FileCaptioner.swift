/// Passes on captions that exist already, as somebody else's data set has them: several a clip, with their origin.
public struct FileCaptioner: Captioner {
  public let name = "file"
  public let needsAudio = false

  /// Raise it when the cleaning of the text changes.
  public static let version = "1"

  private let origin: String
  private let source: String
  private let texts: @Sendable (CaptionInput) -> [String]

  /// `texts` gives a clip's captions, in their order; `source` is where they were looked for, as a message names it.
  public init(origin: String, source: String, texts: @escaping @Sendable (CaptionInput) -> [String]) {
    self.origin = origin
    self.source = source
    self.texts = texts
  }

  public var identity: [String: String] {
    ["captioner": name, "version": Self.version, "origin": origin]
  }

  public func inputs(of clip: CaptionInput) -> [String] {
    cleaned(clip)
  }

  public func captions(for clips: [CaptionInput]) -> [Result<[CaptionDraft], CaptioningError>] {
    clips.map { clip in
      let drafts = cleaned(clip).map { CaptionDraft(text: $0, origin: origin) }
      return drafts.isEmpty ? .failure(.notInFile(clip: clip.clip, source: source)) : .success(drafts)
    }
  }

  /// Each text once.
  private func cleaned(_ clip: CaptionInput) -> [String] {
    var seen: Set<String> = []
    return texts(clip).map(captionText).filter { !$0.isEmpty && seen.insert($0).inserted }
  }
}
