import Foundation

@testable import Store

/// A store in a folder of its own, removed at the end.
final class TemporaryRun {
  let folder: String
  let store: RunStore

  init() throws {
    folder = NSTemporaryDirectory() + "earshot-store-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    store = try RunStore(path: folder + "/run.sqlite")
  }

  deinit {
    try? FileManager.default.removeItem(atPath: folder)
  }

  static let names = ["scan", "caption", "write", "check", "dedup", "split", "balance", "export"]

  static func place(_ name: String) -> StagePlace {
    let position = names.firstIndex(of: name)!
    let perClip = ["caption", "write", "check", "dedup"]
    return StagePlace(
      name: name, position: position, upstream: names[..<position].last { perClip.contains($0) },
      followers: Array(names[(position + 1)...]))
  }

  func listing(_ path: String, labels: [String] = [], modified: Int = 1, recording: String? = nil) -> SourceListing {
    SourceListing(
      path: path, size: 10, modified: modified, recording: recording ?? path, labels: labels, metadata: [:])
  }

  func scan(_ listings: [SourceListing], clipOf: (String) -> String = { "clip-" + $0 }) throws {
    _ = try store.list(listings, Self.place("scan"))
    let pending = try store.pendingSources(from: "", limit: 1000)
    try store.commit(
      pending.map { source in
        ScannedSource(
          id: source.id,
          clips: [ScannedClip(id: clipOf(source.path), sha256: "00", seconds: 2, startFrame: 0, frames: 100)])
      }, Self.place("scan"))
  }

  /// Takes a clip through caption, write and check, with these questions.
  func write(_ clip: String, questions: [QuestionRecord]) throws {
    try store.commit(
      captions: [(clip, ["k"], [CaptionRecord(captioner: "acoustic", key: "k", text: "A bark.")])],
      Self.place("caption"))
    try store.commit(writings: [WritingRecord(clip: clip, request: "r-" + clip)], Self.place("write"))
    try store.commit(checked: [CheckedClip(clip: clip, questions: questions)], Self.place("check"))
  }

  func question(_ id: String, clip: String, ordinal: Int = 0, verdict: VerdictRecord? = nil) -> QuestionRecord {
    QuestionRecord(
      id: id, clip: clip, ordinal: ordinal, stem: "Which sound is heard?", correct: "dog",
      distractors: ["cat", "bell", "rain"], evidence: "A bark.", skill: nil, difficulty: nil, verdict: verdict)
  }
}
