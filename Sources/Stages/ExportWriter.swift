import Audio
import Dataset
import Foundation
import Pipelines
public import Store

/// Writes a run's accepted questions in one format: a file of lines for each split, the clips as 16 kHz mono WAV
/// files, a card. The folder appears, or is replaced, as a whole: one that was cut off leaves what was there before.
public struct ExportWriter: Sendable {
  private let store: RunStore
  private let root: AudioRoot
  private let name: String
  private let format: ExportFormat
  private let threads: Int
  private static let audioFolder = "audio"

  /// `name` is what the card calls the set; `audio` is where the run's audio is now, if not where its last scan found
  /// it. Throws where there is no such folder, or there was no scan.
  public init(store: RunStore, name: String, format: ExportFormat, threads: Int, audio: String? = nil) throws {
    self.store = store
    self.name = name
    self.format = format
    self.threads = threads
    root = try AudioRoot(store, movedTo: audio)
  }

  /// Returns the number of questions written. Throws where the set is not that of a finished run, or a run changes it
  /// meanwhile; what was at `destination` then stays.
  public func write(to destination: String, audioFrom earlier: EarlierAudio) async throws -> Int {
    let set = try FinishedSet(store)
    let folder = try ExportFolder(destination)
    do {
      let statistics = try await write(in: folder.partial, audioFrom: earlier)
      guard try FinishedSet(store) == set else { throw StagesError.unfinishedSet(store.path) }
      try folder.replace()
      return statistics.total
    } catch {
      folder.discard()
      throw error
    }
  }

  private func write(in folder: String, audioFrom earlier: EarlierAudio) async throws -> ExportStatistics {
    let statistics = try writeLines(in: folder)
    try await writeAudio(in: folder, from: earlier)
    try writeCard(statistics, in: folder)
    try ExportMark(format: format.rawValue, questions: statistics.questions).write(to: folder)
    return statistics
  }

  private func writeLines(in folder: String) throws -> ExportStatistics {
    let provenance = try RunProvenance(store)
    var statistics = ExportStatistics()
    for split in Split.allCases.map(\.rawValue) {
      let file = try LineFile(path: "\(folder)/\(split).jsonl")
      var row = 0
      var clipNumber = 0
      try eachRow(of: split) { clip in
        for question in clip.questions {
          let exported = provenance.exported(question, clip, split: split, audioPath: Self.path(of: clip.clip))
          try file.append(format.line(exported, row: row, clipNumber: clipNumber) + "\n")
          statistics.count(exported)
          row += 1
        }
        statistics.count(clip.clip, split: split)
        clipNumber += 1
      }
      try file.close()
    }
    return statistics
  }

  private func eachRow(of split: String, _ body: (ExportRow) throws -> Void) throws {
    var last = ""
    while true {
      let rows = try store.exportRows(split: split, from: last, limit: 512)
      guard let end = rows.last else { return }
      last = end.clip.id
      for row in rows { try body(row) }
      try Task.checkCancellation()
    }
  }

  private static func path(of clip: ClipRecord) -> String {
    "\(audioFolder)/\(clip.id).wav"
  }

  private func writeAudio(in folder: String, from earlier: EarlierAudio) async throws {
    try FileManager.default.createDirectory(atPath: "\(folder)/\(Self.audioFolder)", withIntermediateDirectories: true)
    var last = ""
    try await ParallelWork<ClipRecord, Int>(threads: threads, chunk: 8).run(
      page: {
        let rows = try store.exportRows(split: nil, from: last, limit: 512)
        last = rows.last?.clip.id ?? last
        return rows.map(\.clip)
      },
      work: { clips in
        for clip in clips { try writeAudio(of: clip, in: folder, from: earlier) }
        return [clips.count]
      },
      commit: { _ in })
  }

  private func writeAudio(of clip: ClipRecord, in folder: String, from earlier: EarlierAudio) throws {
    let path = Self.path(of: clip)
    if try earlier.take(path, of: clip, to: "\(folder)/\(path)") { return }
    try WAVWriter.write(try root.waveform(of: clip), to: "\(folder)/\(path)")
  }

  private func writeCard(_ statistics: ExportStatistics, in folder: String) throws {
    let file = try LineFile(path: "\(folder)/README.md")
    try file.append(
      try statistics.card(name: name, store: store, provenance: RunProvenance(store)).markdown(in: folder))
    try file.close()
  }
}
