import Audio
import Dataset
import Foundation
import Testing

@testable import Stages
@testable import Store

@Suite struct ExportOptionsTests {
  private let files = FileManager.default

  /// Eight clips, and a finished run of them.
  private func finished() async throws -> TestRun {
    let run = try TestRun()
    for number in 0..<8 { try run.write("\(number).wav", run.tone(200 + Float(number) * 90, seconds: 0.6)) }
    try await run.run(["split.train=0.6", "split.dev=0.2", "split.test=0.2"])
    return run
  }

  @discardableResult
  private func export(
    _ run: TestRun, _ format: ExportFormat, to name: String, _ change: (inout ExportOptions) -> Void = { _ in }
  ) async throws -> String {
    var options = ExportOptions()
    change(&options)
    let writer = try ExportWriter(store: run.store, name: "set", format: format, threads: 2, options: options)
    let folder = "\(run.folder)/\(name)"
    _ = try await writer.write(to: folder, audioFrom: .copied([]))
    return folder
  }

  private func contents(_ folder: String) throws -> [String: Data] {
    var found: [String: Data] = [:]
    for name in try files.subpathsOfDirectory(atPath: folder) {
      found[name] = files.contents(atPath: folder + "/" + name)
    }
    return found
  }

  private func ids(_ folder: String) throws -> [String] {
    var ids: [String] = []
    for split in ["train", "dev", "test"] where files.fileExists(atPath: "\(folder)/\(split).jsonl") {
      try JSONLFormat.forEachQuestion(path: "\(folder)/\(split).jsonl") { ids.append($0.id) }
    }
    return ids
  }

  @Test(arguments: ExportFormat.allCases) func everyFormatIsWholeAndTheSameAgain(format: ExportFormat) async throws {
    let run = try await finished()

    let first = try contents(try await export(run, format, to: "one"))
    let second = try contents(try await export(run, format, to: "two"))

    #expect(first == second)
    #expect(first.keys.contains("README.md") && first.keys.contains("export.json"))
    let (known, check) = try ExportDoctor.check(run.folder + "/one", format: nil)
    #expect(known == format)
    #expect(check.total == (try run.store.splitCounts().values.reduce(0, +)) * format.format.files(of: "train").count)
    #expect(!first.keys.contains { $0.contains("partial") })
  }

  @Test func splitsLimitsAndOrderAreAsAsked() async throws {
    let run = try await finished()
    let all = try ids(try await export(run, .jsonl, to: "all"))

    let train = try await export(run, .jsonl, to: "train") { $0.splits = [.train] }
    let shuffled = try ids(try await export(run, .jsonl, to: "shuffled") { $0.shuffleSeed = 1 })
    let again = try ids(try await export(run, .jsonl, to: "again") { $0.shuffleSeed = 1 })
    let other = try ids(try await export(run, .jsonl, to: "other") { $0.shuffleSeed = 2 })
    let few = try await export(run, .jsonl, to: "few") { ($0.shuffleSeed, $0.limit) = (1, 3) }
    let first = try await export(run, .jsonl, to: "first") { $0.limit = 2 }

    #expect(
      try files.contentsOfDirectory(atPath: train).sorted() == ["README.md", "audio", "export.json", "train.jsonl"])
    #expect(Set(shuffled) == Set(all) && shuffled != all && shuffled == again && other != shuffled)
    // The first of the shuffled order, with the sounds of these alone.
    let inTrain = try ids(train)
    #expect(Array(try ids(few).prefix(3)) == Array(shuffled.filter(inTrain.contains).prefix(3)))
    #expect(Array(try ids(first).prefix(2)) == Array(all.prefix(2)))
    for folder in [few, first] {
      var named = Set<String>()
      for split in ["train", "dev", "test"] {
        try JSONLFormat.forEachQuestion(path: "\(folder)/\(split).jsonl") { named.insert($0.audioPath) }
      }
      let there = try files.contentsOfDirectory(atPath: folder + "/audio").map { "audio/\($0)" }
      #expect(Set(there) == named)
    }
  }

  @Test func soundsAreCopiedLeftOutOrInside() async throws {
    let run = try await finished()

    let none = try contents(try await export(run, .verl, to: "none") { $0.sounds = .absent })
    let bare = try contents(try await export(run, .parquet, to: "bare") { $0.sounds = .absent })
    let inside = try contents(try await export(run, .parquet, to: "inside"))

    #expect(!none.keys.contains { $0.hasPrefix("audio") } && !inside.keys.contains { $0.hasPrefix("audio") })
    let rows = try #require(none["train.json"].map { String(decoding: $0, as: UTF8.self) })
    #expect(rows.contains(#""audios":[]"#) && !rows.contains("<audio>"))
    let (small, large) = (bare["data/train-00000.parquet"]?.count ?? 0, inside["data/train-00000.parquet"]?.count ?? 0)
    #expect(small > 1_000 && large > small + 4 * 19_200)
    let (_, check) = try ExportDoctor.check(run.folder + "/none", format: nil)
    #expect(check.fault == nil)
    #expect(
      throws: StagesError.soundsNotHandled("embed", format: "trl", known: ["copy", "link", "none"])
    ) {
      var options = ExportOptions()
      options.sounds = .embedded
      _ = try ExportWriter(store: run.store, name: "set", format: .trl, threads: 1, options: options)
    }
  }

  @Test(arguments: ExportFormat.allCases)
  func soundsInFLACAreWholeTheSameAgainAndNamedInTheirRows(format: ExportFormat) async throws {
    let run = try await finished()

    let first = try contents(try await export(run, format, to: "one") { $0.encoding = .flac })
    let second = try contents(try await export(run, format, to: "two") { $0.encoding = .flac })

    #expect(first == second)
    #expect(!first.keys.contains { $0.hasSuffix(".wav") })
    #expect(try ExportDoctor.check(run.folder + "/one", format: nil).format == format)
    let mark = try #require(ExportMark(in: run.folder + "/one"))
    #expect(mark.audioFormat == "flac")
    let rows = first.filter { !["README.md", "export.json", "label-studio.xml"].contains($0.key) }.values
    #expect(rows.contains { $0.range(of: Data(".flac".utf8)) != nil })
    // Where the clip came from is still said to be WAV.
    let old = /audio\/[0-9a-f]{16}\.wav|audio_path":"[^"]*\.wav/
    #expect(!rows.contains { String(decoding: $0, as: UTF8.self).contains(old) })
  }

  @Test func soundsInFLACDecodeToWhatTheWAVFilesDo() async throws {
    let run = try await finished()
    let (flac, wav) = (run.folder + "/flac/audio/", run.folder + "/wav/audio/")
    try await export(run, .jsonl, to: "flac") { $0.encoding = .flac }
    try await export(run, .jsonl, to: "wav")

    let names = try files.contentsOfDirectory(atPath: flac)

    #expect(names.count == 8)
    for name in names {
      let decoded = try AudioReader.decode(path: flac + name, maximumSeconds: 10)
      #expect(decoded == (try AudioReader.decode(path: wav + name.dropLast(4) + "wav", maximumSeconds: 10)))
      #expect(decoded.samples.count == 9_600)
    }
  }

  /// What a pipeline exports in FLAC is shared with links, where it is whole; what it has in WAV is of no use.
  @Test func linksShareWhatIsThereInTheSameEncoding() async throws {
    let run = try await finished()
    try await run.run(
      ["split.train=0.6", "split.dev=0.2", "split.test=0.2", "export.audio_format=flac", "export.formats=[jsonl, trl]"])
    let own = run.folder + "/run/export/jsonl"
    let names = try files.contentsOfDirectory(atPath: own + "/audio").sorted()
    #expect(names.count == 8 && names.allSatisfy { $0.hasSuffix(".flac") })
    func inode(_ path: String) throws -> Int? { try files.attributesOfItem(atPath: path)[.systemFileNumber] as? Int }
    #expect(try inode(own + "/audio/" + names[0]) == inode(run.folder + "/run/export/trl/audio/" + names[0]))
    // Cut off at a place where a header alone would not show it.
    let cut = try #require(files.contents(atPath: own + "/audio/" + names[1]))
    try cut.dropLast(9).write(to: URL(fileURLWithPath: own + "/audio/" + names[1]))

    var options = ExportOptions()
    (options.encoding, options.sounds) = (.flac, .linked)
    let writer = try ExportWriter(store: run.store, name: "set", format: .verl, threads: 2, options: options)
    _ = try await writer.write(to: run.folder + "/out", audioFrom: .linked([own]))

    #expect(try inode(run.folder + "/out/audio/" + names[0]) == inode(own + "/audio/" + names[0]))
    #expect(files.contents(atPath: run.folder + "/out/audio/" + names[1]) == cut)
    options.encoding = .wav
    let plain = try ExportWriter(store: run.store, name: "set", format: .verl, threads: 2, options: options)
    _ = try await plain.write(to: run.folder + "/plain", audioFrom: .linked([own]))
    #expect(try files.contentsOfDirectory(atPath: run.folder + "/plain/audio").allSatisfy { $0.hasSuffix(".wav") })
  }

  /// Where none was judged, there is nothing to export, and what was there stays.
  @Test func questionsThatWereNeverJudgedAreNeitherStrongNorWeak() async throws {
    let run = try await finished()
    let before = try contents(try await export(run, .jsonl, to: "out"))

    await #expect(throws: StagesError.noSuchQuestions(run.store.path)) {
      try await export(run, .jsonl, to: "out") { $0.only = .strong }
    }

    #expect(try contents(run.folder + "/out") == before)
  }

  @Test func aFolderFromElsewhereNeedsAFormatAndItsFirstFaultIsTold() async throws {
    let run = try await finished()
    let folder = try await export(run, .msSwift, to: "out")
    try files.removeItem(atPath: folder + "/export.json")
    let known = ExportFormat.allCases.map(\.rawValue)

    #expect(throws: StagesError.unmarkedExport(folder, known: known)) {
      try ExportDoctor.check(folder, format: nil)
    }
    #expect(try ExportDoctor.check(folder, format: .msSwift).check.fault == nil)
    let path = folder + "/grpo-train.jsonl"
    let text = try String(contentsOfFile: path, encoding: .utf8)
    try text.replacing("<answer>", with: "").write(toFile: path, atomically: true, encoding: .utf8)
    #expect(
      throws: StagesError.faultyExport(
        folder, format: "ms-swift", fault: "grpo-train.jsonl:1: 'solution' is not <answer>…</answer>")
    ) {
      try ExportDoctor.check(folder, format: .msSwift)
    }
  }
}
