import Audio
import Foundation
import Pipelines
import Store
import Synchronization

/// A recording of a test set.
struct ReferenceRecording: Sendable {
  /// The folder's name, without those above it.
  var folder: String
  /// Relative to the folder.
  var path: String
  var fingerprint: AudioFingerprint
}

/// The recordings of a folder, whose fingerprints the store keeps: each file is decoded once, until it changes.
struct ReferenceRecordings: Sendable {
  private let folder: AudioFolder
  private let context: StageContext
  private var name: String { folder.root.split(separator: "/").last.map(String.init) ?? folder.root }

  /// Seconds of a file that are looked at.
  private static let longest = 3600.0

  init(_ folder: AudioFolder, _ context: StageContext) {
    self.folder = folder
    self.context = context
  }

  /// In order of their paths; those that cannot be compared are left out, with a note.
  func read() async throws -> [ReferenceRecording] {
    let made = Mutex<[Read]>([])
    var entries = folder.entries[...]
    let store = context.store
    let work = ParallelWork<(entry: AudioFolder.Entry, known: ReferenceFingerprint?), Read>(
      threads: context.threads, chunk: 4)
    try await work.run(
      page: {
        let page = entries.prefix(256)
        entries = entries.dropFirst(256)
        let known = try store.referenceFingerprints(of: page.map(file), version: AudioFingerprint.version)
        return page.map { ($0, known[file($0)]) }
      },
      work: { items in items.map { read($0.entry, known: $0.known) } },
      commit: { new in
        try store.commit(references: new.compactMap(\.new), version: AudioFingerprint.version)
        made.withLock { $0 += new }
      })
    let all = made.withLock { $0 }.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
    note(all)
    return all.compactMap { file in
      file.fingerprint.tellsEnough
        ? ReferenceRecording(folder: name, path: file.path, fingerprint: file.fingerprint) : nil
    }
  }

  /// What is made of a file.
  private struct Read: Sendable {
    var path: String
    var fingerprint = AudioFingerprint.empty
    /// To be kept.
    var new: ReferenceFingerprint?
    /// Why it cannot be read.
    var fault: String?
  }

  private func file(_ entry: AudioFolder.Entry) -> String { folder.root + "/" + entry.path }

  private func read(_ entry: AudioFolder.Entry, known: ReferenceFingerprint?) -> Read {
    if let known, known.size == entry.size, known.modified == entry.modified,
      let fingerprint = AudioFingerprint(bytes: known.bytes)
    {
      return Read(path: entry.path, fingerprint: fingerprint)
    }
    do {
      let fingerprint = try AudioFingerprint(AudioReader.decode(path: file(entry), maximumSeconds: Self.longest))
      let new = ReferenceFingerprint(
        path: file(entry), size: entry.size, modified: entry.modified, bytes: Data(fingerprint.bytes))
      return Read(path: entry.path, fingerprint: fingerprint, new: new)
    } catch {
      return Read(path: entry.path, fault: "\(error)")
    }
  }

  private func note(_ files: [Read]) {
    let broken = files.compactMap(\.fault)
    if let first = broken.first {
      context.progress.note(
        stage: context.place.name,
        "\(counted(broken.count, "recording")) of \(name) cannot be read; the first: \(first)")
    }
    let mute = files.filter { $0.fault == nil && !$0.fingerprint.tellsEnough }
    if let first = mute.first {
      context.progress.note(
        stage: context.place.name,
        "\(counted(mute.count, "recording")) of \(name) cannot be told from others: short, quiet or steady; the first: "
          + first.path)
    }
  }
}
