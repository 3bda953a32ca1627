public import Audio

/// What turns a clip into captions.
public protocol Captioner: Sendable {
  /// Which captioner it is, such as "acoustic".
  var name: String { get }

  /// Everything but the clip that could change a caption: version and settings.
  var identity: [String: String] { get }

  /// Whether `captions(for:)` looks at the samples; where not, `CaptionInput.waveform` may be empty.
  var needsAudio: Bool { get }

  /// What a caption depends on beside `identity`, the samples and the labels. Captions are found again by all four.
  func inputs(of clip: CaptionInput) -> [String]

  /// One result per clip, in the order of `clips`; each holds at least one caption.
  ///
  /// Blocks, so call it on a thread of your own; several calls may run at a time. It throws where no clip at all can be
  /// captioned; what is wrong with one clip is in that clip's result.
  func captions(for clips: [CaptionInput]) throws -> [Result<[CaptionDraft], CaptioningError>]
}

extension Captioner {
  /// The metadata, for those that do not listen; nothing for those that do.
  public func inputs(of clip: CaptionInput) -> [String] {
    needsAudio ? [] : clip.metadata.sorted { $0.key < $1.key }.flatMap { [$0.key, $0.value] }
  }
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

/// A caption before it is stored, with where it comes from.
public struct CaptionDraft: Sendable, Equatable {
  /// The caption, one line.
  public var text: String
  /// The numbers behind the text, as JSON with sorted keys; `nil` where the captioner measured nothing.
  public var facts: String?
  /// The model that wrote it, as it is called, and what names its weights.
  public var model: String?
  public var revision: String?
  /// How it was sampled, as JSON with sorted keys.
  public var sampling: String?
  /// Mean over the caption's tokens of the natural logarithm of their probabilities.
  public var meanLogProbability: Double?
  /// The data set or file that it was taken from.
  public var origin: String?
  /// What a reader should know of it, such as that it was cut off.
  public var remark: String?

  public init(
    text: String, facts: String? = nil, model: String? = nil, revision: String? = nil, sampling: String? = nil,
    meanLogProbability: Double? = nil, origin: String? = nil, remark: String? = nil
  ) {
    self.text = text
    self.facts = facts
    self.model = model
    self.revision = revision
    self.sampling = sampling
    self.meanLogProbability = meanLogProbability
    self.origin = origin
    self.remark = remark
  }
}
