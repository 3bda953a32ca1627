import Audio
import Dataset
import Foundation
import Pipelines
import Store
import Synchronization
import Testing

@testable import Stages

struct AudioDuplicatesTests {
  private let run: FingerprintRun

  init() throws { run = try FingerprintRun() }

  /// Six seconds of many short sounds; other ones for another seed.
  private func sounds(_ seed: UInt64) -> [Float] {
    Synthesizer(seed: seed).clips(count: 12).flatMap { $0.waveform.samples.prefix(8000) }
  }

  @Test func dedupFindsClipsThatAreOneRecording() async throws {
    let (one, other) = (sounds(1), sounds(2))
    try run.write("one.wav", one)
    try run.write("quiet.wav", one.map { $0 * 0.3 })
    try run.write(
      "slow.wav", try Resampler().resample(Waveform(samples: one, sampleRate: 16_000), to: 8000).samples, rate: 8000)
    try run.write("excerpt.wav", Array(one[24_000..<72_000]))
    try run.write("other.wav", other)

    try await run.scanAndDedup()

    let rows = try named(run.store.audioClusters())
    #expect(Set(rows.keys) == ["one.wav", "quiet.wav", "slow.wav", "excerpt.wav"])
    #expect(Set(rows.values.map(\.survivor)).count == 1)
    #expect(rows["excerpt.wav"]?.reason == "excerpt")
    #expect(rows.values.map(\.reason).sorted() == ["copy", "copy", "excerpt", "survivor"])
    #expect(abs((rows["excerpt.wav"]?.offsetSeconds ?? 0) - 1.5) < 0.04)
  }

  @Test func clustersFollowTheFolder() async throws {
    try run.write("one.wav", sounds(1))
    try run.write("copy.wav", sounds(1).map { $0 * 0.5 })
    try await run.scanAndDedup()
    #expect(try run.store.audioClusters().count == 2)

    try FileManager.default.removeItem(atPath: run.audio + "/copy.wav")
    try run.write("new.wav", sounds(3))
    try await run.scanAndDedup()

    #expect(try run.store.audioClusters().isEmpty)
  }

  @Test func nothingIsComparedWhereTheFileSaysSo() async throws {
    try run.write("one.wav", sounds(1))
    try run.write("copy.wav", sounds(1).map { $0 * 0.5 })

    try await run.scanAndDedup(["dedup.audio=false"])

    #expect(try run.store.audioClusters().isEmpty)
    #expect(try run.store.countWithoutFingerprint(version: AudioFingerprint.version) == 2)
    try await run.scanAndDedup()
    #expect(try run.store.audioClusters().count == 2)
    try await run.scanAndDedup(["dedup.audio=false"])
    #expect(try run.store.audioClusters().isEmpty)
    try await run.scanAndDedup()
    #expect(try run.store.audioClusters().count == 2)
  }

  @Test func clipsWhoseAudioIsGoneAreLeftOutWithANote() async throws {
    try run.write("one.wav", sounds(1))
    try run.write("two.wav", sounds(2))
    try await run.scan()
    try FileManager.default.removeItem(atPath: run.audio + "/two.wav")

    _ = try await AudioDuplicates(run.context("dedup")).update()

    #expect(try run.store.countWithoutFingerprint(version: AudioFingerprint.version) == 1)
    #expect(run.notes.all.contains { $0.contains("1 clip not compared as recordings") }, "\(run.notes.all)")
  }

  @Test func recordingsOfATestSetAreFoundAmongTheClipsAndDecodedOnce() async throws {
    let one = sounds(1)
    try run.write("one.wav", one)
    try run.write("two.wav", sounds(2))
    try await run.scan()
    let benchmark = try run.benchmark()
    let excerpt = Waveform(samples: one[16_000..<64_000].map { $0 * 0.4 }, sampleRate: 16_000)
    try WAVWriter.write(try Resampler().resample(excerpt, to: 22_050), to: benchmark + "/deep/item.wav")
    try WAVWriter.write(
      Waveform(samples: sounds(4) + one + sounds(5), sampleRate: 16_000), to: benchmark + "/long.wav")
    try WAVWriter.write(Waveform(samples: sounds(6), sampleRate: 16_000), to: benchmark + "/unknown.wav")
    try WAVWriter.write(
      Waveform(samples: [Float](repeating: 0, count: 99_999), sampleRate: 16_000), to: benchmark + "/mute.wav")
    try "no sound".write(toFile: benchmark + "/broken.wav", atomically: true, encoding: .utf8)

    let unknown = benchmark + "/unknown.wav"
    try setTime(of: unknown, to: 1_000_000_000)
    // Fingerprints of the clips are made here where dedup made none.
    let found = try await AudioContamination([AudioFolder(root: benchmark)], run.context("contamination")).matches()

    let matches = try #require(found.values.first)
    #expect(try found.count == 1 && run.store.clips(Array(found.keys)).first?.path == "one.wav")
    #expect(matches.map(\.item) == ["deep/item.wav", "long.wav"])
    #expect(matches.allSatisfy { $0.kind == .audio && $0.file == "benchmark" && ($0.similarity ?? 0) > 0.6 })
    #expect(
      matches[0].detail.hasSuffix(" are the same, from 0.99 s of the clip and from 0.00 s of the file"), "\(matches)")
    #expect(
      matches[1].detail.hasSuffix(" are the same, from 0.00 s of the clip and from 6.02 s of the file"), "\(matches)")
    #expect(run.notes.all.count == 2, "\(run.notes.all)")
    #expect(
      run.notes.all.contains { $0.contains("1 recording of benchmark cannot be read") && $0.contains("broken.wav") })
    #expect(run.notes.all.contains { $0.hasSuffix("quiet or steady; the first: mute.wav") })

    // What is kept is not decoded again: other samples, but the size and the time are those of before.
    try WAVWriter.write(Waveform(samples: one, sampleRate: 16_000), to: unknown)
    try setTime(of: unknown, to: 1_000_000_000)
    let again = try await AudioContamination([AudioFolder(root: benchmark)], run.context("contamination")).matches()
    #expect(again == found)
    try setTime(of: unknown, to: 1_000_000_001)
    let changed = try await AudioContamination([AudioFolder(root: benchmark)], run.context("contamination")).matches()
    #expect(changed.values.first?.map(\.item) == ["deep/item.wav", "long.wav", "unknown.wav"])
  }

  private func setTime(of path: String, to seconds: Double) throws {
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSince1970: seconds)], ofItemAtPath: path)
  }

  /// The rows by the paths of their clips.
  private func named(_ rows: [AudioClusterRecord]) throws -> [String: AudioClusterRecord] {
    let clips = try run.store.clips(rows.map(\.clip))
    return Dictionary(uniqueKeysWithValues: zip(clips.map(\.path), rows))
  }
}

/// A run of the stages that fingerprints have to do with, on a folder of its own.
private final class FingerprintRun {
  let folder: String
  var audio: String { folder + "/audio" }
  let store: RunStore
  let notes = HeardNotes()

  init() throws {
    folder = NSTemporaryDirectory() + "earshot-fingerprints-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder + "/audio", withIntermediateDirectories: true)
    store = try RunStore(path: folder + "/run.sqlite")
    try "name: prints\nscan:\n  audio: \(folder)/audio\ndedup: {}\n".write(
      toFile: folder + "/pipeline.yaml", atomically: true, encoding: .utf8)
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  /// A folder beside the clips'.
  func benchmark() throws -> String {
    try FileManager.default.createDirectory(atPath: folder + "/benchmark/deep", withIntermediateDirectories: true)
    return AudioRoot.absolute(folder + "/benchmark")
  }

  func scan() async throws {
    let file = try PipelineFile(path: folder + "/pipeline.yaml")
    _ = try await ScanStage(file.section("scan")).run(context("scan"))
  }

  func scanAndDedup(_ overrides: [String] = []) async throws {
    try await scan()
    let file = try PipelineFile(path: folder + "/pipeline.yaml", overrides: overrides)
    _ = try await DedupStage(file.section("dedup")).run(context("dedup"))
  }

  func context(_ stage: String) -> StageContext {
    let names = ["scan", "caption", "write", "check", "dedup", "contamination", "split", "balance", "export"]
    let position = names.firstIndex(of: stage) ?? 0
    return StageContext(
      store: store, folder: RunFolder(path: folder),
      place: StagePlace(
        name: stage, position: position, upstream: stage == "scan" ? nil : "check",
        followers: Array(names[(position + 1)...])),
      progress: notes, threads: 2)
  }

  func write(_ name: String, _ samples: [Float], rate: Int = 16_000) throws {
    try WAVWriter.write(Waveform(samples: samples, sampleRate: rate), to: audio + "/" + name)
  }
}

/// What stages told the user.
private final class HeardNotes: ProgressReporter {
  private let state = Mutex<[String]>([])
  var all: [String] { state.withLock { $0 } }

  func started(stage: String, total: Int, unit: String) {}
  func advanced(stage: String, by count: Int) {}
  func note(stage: String, _ text: String) { state.withLock { $0.append(text) } }
  func finished(stage: String, summary: String) {}
  func upToDate(stage: String) {}
}
