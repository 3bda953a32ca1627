import Audio
import Foundation
import Pipelines
import Store

/// The fingerprints of a run's clips, which the store keeps.
///
/// They are made where they are first asked for and not while scanning: a scan does not resample, and what is never
/// asked for costs nothing. Each clip is decoded for this once.
struct ClipFingerprints: Sendable {
  private let context: StageContext
  private var store: RunStore { context.store }

  init(_ context: StageContext) {
    self.context = context
  }

  /// Makes those that are missing. Clips whose audio is not there any more stay without one, with a note.
  func addMissing() async throws {
    let version = AudioFingerprint.version
    guard try store.countWithoutFingerprint(version: version) > 0 else { return }
    let root: AudioRoot
    do {
      root = try AudioRoot(store)
    } catch let error as StagesError {
      return context.progress.note(stage: context.place.name, "recordings are not compared: \(error)")
    }
    try await make(in: root)
    let missing = try store.countWithoutFingerprint(version: version)
    guard missing > 0 else { return }
    context.progress.note(
      stage: context.place.name,
      "\(counted(missing, "clip")) not compared as recordings: the audio is gone or has changed since the scan. Run the "
        + "scan again.")
  }

  private func make(in root: AudioRoot) async throws {
    let (store, version) = (store, AudioFingerprint.version)
    var last = ""
    let work = ParallelWork<ClipRecord, FingerprintRecord?>(threads: context.threads, chunk: 8)
    try await work.run(
      page: {
        let ids = try store.clipsWithoutFingerprint(version: version, from: last, limit: 512)
        last = ids.last ?? last
        return try store.clips(ids)
      },
      work: { clips in clips.map { Self.fingerprint(of: $0, in: root) } },
      commit: { records in
        try store.commit(fingerprints: records.compactMap { $0 }, version: version)
      })
  }

  private static func fingerprint(of clip: ClipRecord, in root: AudioRoot) -> FingerprintRecord? {
    guard let waveform = try? root.decoded(clip), let fingerprint = try? AudioFingerprint(waveform) else {
      return nil
    }
    return FingerprintRecord(clip: clip.id, bytes: Data(fingerprint.bytes))
  }

  /// Calls `body` with the clips that have a fingerprint, a page at a time, in order of their ids.
  func forEachPage(_ body: ([(clip: String, fingerprint: AudioFingerprint)]) throws -> Void) throws {
    var last = ""
    while true {
      let page = try store.fingerprints(version: AudioFingerprint.version, from: last, limit: 1024)
      guard let end = page.last else { return }
      last = end.clip
      // What is damaged tells nothing, and matches nothing.
      try body(page.map { ($0.clip, AudioFingerprint(bytes: $0.bytes) ?? .empty) })
    }
  }
}
