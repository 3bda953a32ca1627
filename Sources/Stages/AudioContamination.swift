import Audio
import Dataset
import Foundation
import Pipelines
import Store
import Synchronization
import Tensors

/// Looks for the recordings of test sets among a run's clips, by their fingerprints.
struct AudioContamination: Sendable {
  private let folders: [AudioFolder]
  private let context: StageContext
  private let prints: ClipFingerprints

  init(_ folders: [AudioFolder], _ context: StageContext) {
    self.folders = folders
    self.context = context
    prints = ClipFingerprints(context)
  }

  /// For each clip that is, holds or lies in a recording of the folders, or overlaps one, these in order of their paths.
  func matches() async throws -> [String: [ContaminationMatch]] {
    try await prints.addMissing()
    var recordings: [ReferenceRecording] = []
    for folder in folders { recordings += try await ReferenceRecordings(folder, context).read() }
    return try await onThread { [recordings] in try search(recordings) }
  }

  /// Some recordings at a time are in memory as an index, and all clips are looked for in it, a page at a time.
  private func search(_ recordings: [ReferenceRecording]) throws -> [String: [ContaminationMatch]] {
    var found: [String: [ContaminationMatch]] = [:]
    try FingerprintSet(recordings.map(\.fingerprint)).forEachIndex { index in
      try prints.forEachPage { page in
        let hits = Mutex<[(clip: Int, hit: FingerprintIndex.Hit)]>([])
        Parallel.forEach(page.count, grain: 16) { range in
          let new = range.flatMap { clip in index.matches(of: page[clip].fingerprint).map { (clip, $0) } }
          if !new.isEmpty { hits.withLock { $0 += new } }
        }
        for (clip, hit) in hits.withLock({ $0 }).sorted(by: { ($0.clip, $0.hit.item) < ($1.clip, $1.hit.item) }) {
          found[page[clip].clip, default: []].append(recordings[hit.item].match(hit.match))
        }
      }
    }
    return found
  }
}

extension ReferenceRecording {
  /// Offsets are those of the recording in the clip.
  fileprivate func match(_ match: FingerprintMatch) -> ContaminationMatch {
    func seconds(_ value: Double) -> String { String(format: "%.2f s", value) }
    return ContaminationMatch(
      kind: .audio, file: folder, item: path, line: 0,
      detail: "\(seconds(match.overlap)) are the same, from \(seconds(max(0, match.offset))) of the clip and from "
        + "\(seconds(max(0, 0 - match.offset))) of the file",
      similarity: match.similarity)
  }
}
