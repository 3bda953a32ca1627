public import Audio

/// What turns a clip into a caption.
public protocol Captioner: Sendable {
  /// The name captions are stored under, such as "acoustic".
  var name: String { get }

  /// Everything but the clip that could change a caption: version and settings.
  var identity: [String: String] { get }

  /// Whether `captions(for:)` looks at the samples; where not, `CaptionInput.waveform` may be empty.
  var needsAudio: Bool { get }

  /// One result per clip, in the order of `clips`.
  ///
  /// Blocks, so call it on a thread of your own; several calls may run at a time. It throws where no clip at all can be
  /// captioned; what is wrong with one clip is in that clip's result.
  func captions(for clips: [CaptionInput]) throws -> [Result<CaptionDraft, CaptioningError>]
}

/// A clip, as a captioner sees it.
public struct CaptionInput: Sendable {
  /// The clip's id, for messages.
  public var clip: String
  /// Mono, `Waveform.modelRate` Hz.
  public var waveform: Waveform
  /// The manifest's labels, as written there.
  public var labels: [String]
  /// The manifest's other columns.
  public var metadata: [String: String]

  public init(clip: String, waveform: Waveform, labels: [String] = [], metadata: [String: String] = [:]) {
    self.clip = clip
    self.waveform = waveform
    self.labels = labels
    self.metadata = metadata
  }
}

/// A caption before it is stored.
public struct CaptionDraft: Sendable, Equatable {
  /// The caption, one line.
  public var text: String
  /// The numbers behind the text, as JSON with sorted keys; `nil` where the captioner measured nothing.
  public var facts: String?

  public init(text: String, facts: String? = nil) {
    self.text = text
    self.facts = facts
  }
}
