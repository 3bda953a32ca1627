import Audio
import Dataset
import Foundation
import Pipelines
import Store

/// Writes the sounds that a part's rows name, or will hold, as 16 kHz mono files: each clip is decoded once.
struct ExportSounds: Sendable {
  let root: AudioRoot
  let format: any SetFormat.Type
  let encoding: SoundEncoding
  let earlier: EarlierAudio
  /// That of the export.
  let folder: String
  let part: ExportPart
  let threads: Int

  /// A clip, and the files that are to hold its sound, relative to the export.
  private struct Job: Sendable {
    var clip: ClipRecord
    var paths: [String]
  }

  /// The file of a question's sound.
  func path(of question: ExportedQuestion) -> String {
    "\(folder)/\(format.folder(of: part.name))\(format.soundPath(of: question, as: encoding))"
  }

  func write(_ selection: ExportSelection, provenance: RunProvenance) async throws {
    let cursor = ExportPages(selection.cursor())
    try await ParallelWork<Job, Int>(threads: threads, chunk: 8).run(
      page: {
        try cursor.next().map { row in
          let paths = row.questions.map { name(of: $0, in: row, provenance) }
          return Job(clip: row.clip, paths: paths.reduce(into: []) { if !$0.contains($1) { $0.append($1) } })
        }
      },
      work: { jobs in
        for job in jobs { try write(job) }
        return [jobs.count]
      },
      commit: { _ in })
  }

  private func name(of question: QuestionRecord, in row: ExportRow, _ provenance: RunProvenance) -> String {
    let exported = provenance.exported(question, row, split: part.split, audioPath: "")
    return format.folder(of: part.name) + format.soundPath(of: exported, as: encoding)
  }

  private func write(_ job: Job) throws {
    guard let first = job.paths.first else { return }
    for path in job.paths { try makeParent(of: "\(folder)/\(path)") }
    let target = "\(folder)/\(first)"
    // Other formats' exports have a clip under its own name.
    let names = ["audio/\(job.clip.id).\(encoding.rawValue)", first]
    if try !names.contains(where: { try earlier.take($0, of: job.clip, to: target) }) {
      let waveform = try root.waveform(of: job.clip)
      switch encoding {
      case .wav: try WAVWriter.write(waveform, to: target)
      case .flac: try FLACWriter.write(waveform, to: target)
      }
    }
    for other in job.paths.dropFirst() where link(target, "\(folder)/\(other)") != 0 {
      // A file system without links.
      let file = try LineFile(path: "\(folder)/\(other)")
      try file.append(try Data(contentsOf: URL(fileURLWithPath: target)))
      try file.close()
    }
  }

  private func makeParent(of path: String) throws {
    let parent = URL(fileURLWithPath: path).deletingLastPathComponent().path
    try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
  }
}

/// A cursor that a closure may move.
private final class ExportPages {
  private var cursor: ExportCursor

  init(_ cursor: ExportCursor) { self.cursor = cursor }

  /// Empty after the last.
  func next() throws -> [ExportRow] { try cursor.next() ?? [] }
}
