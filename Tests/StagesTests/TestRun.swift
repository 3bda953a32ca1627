import Audio
import Foundation
import Pipelines
import Stages
import Synchronization

@testable import Store

/// A run of the real stages on a folder of synthesized clips, against the built-in endpoint.
final class TestRun {
  let folder: String
  var audio: String { folder + "/audio" }
  let store: RunStore
  let notes = Notes()

  init() throws {
    folder = NSTemporaryDirectory() + "earshot-stages-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder + "/audio", withIntermediateDirectories: true)
    try FileManager.default.createDirectory(atPath: folder + "/run", withIntermediateDirectories: true)
    store = try RunStore(path: folder + "/run/run.sqlite")
    try FileManager.default.copyItem(
      atPath: Self.project + "/prompts/avqa-gpt.md", toPath: folder + "/avqa-gpt.md")
  }

  deinit {
    try? FileManager.default.removeItem(atPath: folder)
  }

  static let project = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path

  /// Runs the pipeline, with overrides; nil for `until` runs all of it.
  func run(_ overrides: [String] = [], until: String? = nil, limit: Int? = nil) async throws {
    var pipeline = try pipeline(overrides)
    pipeline.limit = limit
    try await pipeline.execute(in: store, until: until, progress: notes)
  }

  func rehearse(_ overrides: [String] = []) async throws -> [Rehearsal] {
    try await pipeline(overrides).rehearse(in: store, until: nil, progress: notes)
  }

  func pipeline(_ overrides: [String]) throws -> Run {
    let usual = ["scan.audio=\(audio)", "write.prompt=\(folder)/avqa-gpt.md", "write.probe=false"]
    let file = try PipelineFile(path: Self.project + "/pipelines/quickstart.yaml", overrides: usual + overrides)
    var run = Run(folder: RunFolder(path: folder + "/run"), stages: try StageCatalogue.stages(of: file))
    run.threads = 2
    return run
  }

  func write(_ name: String, _ samples: [Float], rate: Int = 16_000) throws {
    let path = audio + "/" + name
    try FileManager.default.createDirectory(
      atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    try WAVWriter.write(Waveform(samples: samples, sampleRate: rate), to: path)
  }

  func write(_ name: String, text: String) throws {
    try text.write(toFile: audio + "/" + name, atomically: true, encoding: .utf8)
  }

  func tone(_ hertz: Float, seconds: Float = 1, rate: Int = 16_000) -> [Float] {
    (0..<Int(seconds * Float(rate))).map { 0.5 * sin(2 * .pi * hertz * Float($0) / Float(rate)) }
  }

  /// All files of an export, with their bytes.
  func exported(_ format: String) throws -> [String: Data] {
    let root = folder + "/run/export/" + format
    var files: [String: Data] = [:]
    for name in try FileManager.default.subpathsOfDirectory(atPath: root) where name.contains(".") {
      files[name] = try Data(contentsOf: URL(fileURLWithPath: root + "/" + name))
    }
    return files
  }
}

/// What stages reported.
final class Notes: ProgressReporter {
  private let state = Mutex<[String]>([])

  var ran: [String] { state.withLock { $0 }.filter { $0.hasPrefix("ran ") }.map { String($0.dropFirst(4)) } }
  var notes: [String] { state.withLock { $0 }.filter { $0.hasPrefix("note ") }.map { String($0.dropFirst(5)) } }

  func clear() { state.withLock { $0 = [] } }
  func started(stage: String, total: Int, unit: String) {}
  func advanced(stage: String, by count: Int) {}
  func note(stage: String, _ text: String) { state.withLock { $0.append("note \(text)") } }
  func finished(stage: String, summary: String) { state.withLock { $0.append("ran \(stage)") } }
  func upToDate(stage: String) {}
}
