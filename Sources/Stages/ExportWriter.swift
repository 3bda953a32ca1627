import Audio
import Dataset
import Foundation
import Pipelines
public import Store

/// Writes a run's accepted questions in one format: a file of lines for each split, the clips as 16 kHz mono WAV files, a
/// card. The folder appears, or is replaced, as a whole: one that was cut off leaves what was there before.
public struct ExportWriter: Sendable {
  private let store: RunStore
  private let root: AudioRoot
  private let name: String
  private let format: ExportFormat
  private let threads: Int
  private static let audioFolder = "audio"

  /// `name` is what the card calls the set. Throws where the run's audio is not where its last scan found it.
  public init(store: RunStore, name: String, format: ExportFormat, threads: Int) throws {
    self.store = store
    self.name = name
    self.format = format
    self.threads = threads
    root = try AudioRoot(store)
  }

  /// Returns the number of questions written. Clips that one of the folders `audioFrom` already holds are linked, not
  /// decoded again.
  public func write(to destination: String, audioFrom others: [String] = []) async throws -> Int {
    let folder = try ReplacedFolder(destination)
    let statistics = try writeLines(in: folder.partial)
    try await writeAudio(in: folder.partial, from: [destination] + others)
    try writeCard(statistics, in: folder.partial)
    try ExportMark(format: format.rawValue, questions: statistics.questions).write(to: folder.partial)
    try folder.replace()
    return statistics.total
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

  private func writeAudio(in folder: String, from earlier: [String]) async throws {
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

  private func writeAudio(of clip: ClipRecord, in folder: String, from earlier: [String]) throws {
    let path = Self.path(of: clip)
    for other in earlier where link("\(other)/\(path)", "\(folder)/\(path)") == 0 { return }
    try WAVWriter.write(try root.waveform(of: clip), to: "\(folder)/\(path)")
  }

  private func writeCard(_ statistics: ExportStatistics, in folder: String) throws {
    let file = try LineFile(path: "\(folder)/README.md")
    try file.append(
      try statistics.card(name: name, store: store, provenance: RunProvenance(store)).markdown(in: folder))
    try file.close()
  }
}

/// A folder that is made beside the one it will replace.
private struct ReplacedFolder {
  let path: String
  let partial: String

  init(_ path: String) throws {
    self.path = path
    partial = path + ".partial"
    let manager = FileManager.default
    if let inside = try? manager.contentsOfDirectory(atPath: path), !inside.isEmpty, !ExportMark.exists(in: path) {
      throw StagesError.destinationInUse(path)
    }
    do {
      if manager.fileExists(atPath: partial) { try manager.removeItem(atPath: partial) }
      try manager.createDirectory(atPath: partial, withIntermediateDirectories: true)
    } catch {
      throw LineFile.failure(partial)
    }
  }

  /// An empty folder, or none, is simply renamed over. A full one steps aside first: a kill between the two leaves the
  /// old export whole, beside its place.
  func replace() throws {
    if rename(partial, path) == 0 { return }
    let old = path + ".old"
    try? FileManager.default.removeItem(atPath: old)
    guard rename(path, old) == 0, rename(partial, path) == 0 else { throw LineFile.failure(path) }
    try? FileManager.default.removeItem(atPath: old)
  }
}
