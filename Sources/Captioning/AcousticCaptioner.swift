import Audio
import Foundation

/// Measures the clip and says what it measured, after the labels the manifest gives. Needs no model.
public struct AcousticCaptioner: Captioner {
  public let name = "acoustic"
  public let needsAudio = true

  /// Raise it when the sentences or the measurements change.
  public static let version = "1"

  public init() {}

  public var identity: [String: String] {
    ["captioner": name, "version": Self.version]
  }

  public func captions(for clips: [CaptionInput]) -> [Result<[CaptionDraft], CaptioningError>] {
    clips.map { clip in
      Result { () throws(CaptioningError) in [try caption(for: clip)] }
    }
  }

  private func caption(for clip: CaptionInput) throws(CaptioningError) -> CaptionDraft {
    guard !clip.waveform.samples.isEmpty else { throw .noSamples(clip: clip.clip) }
    guard clip.waveform.sampleRate == Waveform.modelRate else {
      throw .wrongRate(clip: clip.clip, rate: clip.waveform.sampleRate)
    }
    let measurements = measureAcoustics(clip.waveform)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    // The encoder throws on numbers that are not finite, and on nothing else in these types.
    guard let facts = try? encoder.encode(measurements) else { throw .notMeasurable(clip: clip.clip) }
    return CaptionDraft(
      text: acousticSentences(measurements, labels: clip.labels).joined(separator: " "),
      facts: String(decoding: facts, as: UTF8.self))
  }
}
