import Audio
import Captioning
import Dataset
import Foundation
import Store

/// What the store knows of a clip, and what is measured of it where a question claims something that was not measured.
struct ClipKnowledge: Sendable {
  /// Changes with the measurements.
  static let version = AcousticCaptioner.version

  private let store: RunStore
  /// Nil where the audio is no longer where it was: what was not measured stays unknown then.
  private let root: AudioRoot?

  init(_ store: RunStore) {
    self.store = store
    root = try? AudioRoot(store)
  }

  /// What a clip's questions are held against, and what goes to the store with them.
  func known(
    of clip: ClipRecord, measuring: Bool
  ) throws -> (evidence: ClipEvidence, findings: ClipFindings) {
    let captions = try store.captions(of: clip.id)
    let stored = try captions.lazy.compactMap(\.facts).first ?? store.measurement(of: clip.id, version: Self.version)
    let new = stored == nil && measuring ? measured(clip) : nil
    let evidence = ClipEvidence(
      captions: captions.compactMap(\.text), told: captions.filter { $0.facts == nil }.compactMap(\.text),
      labels: clip.labels, measured: (stored ?? new).flatMap(ClipMeasurements.init(json:)))
    let trust = evidence.trust
    return (
      evidence,
      ClipFindings(trust: trust.score, contradictions: trust.contradictions, facts: new, version: Self.version)
    )
  }

  /// Measures a clip's samples; nil where they cannot be had any more.
  private func measured(_ clip: ClipRecord) -> String? {
    guard let waveform = try? root?.waveform(of: clip), !waveform.samples.isEmpty else { return nil }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return (try? encoder.encode(measureAcoustics(waveform))).map { String(decoding: $0, as: UTF8.self) }
  }
}
