import Dataset
import Foundation
import Pipelines
import Testing

@testable import Stages
@testable import Store

@Suite struct ImportStageTests {
  private let files = FileManager.default

  @Test func whatIsUnchangedIsNotReadAgain() async throws {
    let place = try ImportPlace()
    let set = try place.fullSet()
    let store = try await place.importing([set], into: "run")
    let revision = try store.revision()
    place.notes.clear()

    try await place.importing([set], into: "run")

    #expect(try store.revision() == revision)
    #expect(place.notes.ran == ["import"])
  }

  @Test func aChangedFileIsReadAgainAndTheOthersStay() async throws {
    let place = try ImportPlace()
    let set = try place.fullSet()
    let store = try await place.importing([set], into: "run")
    let train = try String(contentsOfFile: set + "/train.jsonl", encoding: .utf8)
    let kept = train.split(separator: "\n").dropFirst()
    let gone = try JSONLFormat.question(line: String(train.split(separator: "\n")[0])).id
    try kept.joined(separator: "\n").replacing("ring", with: "sing", maxReplacements: 1)
      .write(toFile: set + "/train.jsonl", atomically: true, encoding: .utf8)

    try await place.importing([set], into: "run")

    #expect(try store.status().accepted == 31)
    #expect(throws: StoreError.noSuchQuestion(id: gone)) { try store.question(id: gone) }
    let fresh = try await place.importing([set], into: "fresh")
    #expect(
      try place.rows(try await place.export(store, .jsonl, to: "a"))
        == place.rows(try await place.export(fresh, .jsonl, to: "b")))
  }

  @Test func aSoundThatChangesIsAnotherClip() async throws {
    let place = try ImportPlace()
    let set = try place.fullSet(clips: 4)
    let store = try await place.importing([set], into: "run")
    let name = try #require(try files.contentsOfDirectory(atPath: set + "/audio").min())
    let before = try store.clips([String(name.dropLast(4))]).first?.sha256
    try place.sound("full/audio/\(name)", 90)

    try await place.importing([set], into: "run")

    let after = try store.clips([String(name.dropLast(4))]).first?.sha256
    #expect(before != nil && after != nil && before != after)
  }

  @Test func soundsThatCannotBeUsedTakeTheirRowsOut() async throws {
    let place = try ImportPlace()
    let set = try place.fullSet(clips: 4)
    let names = try files.contentsOfDirectory(atPath: set + "/audio").sorted()
    try files.removeItem(atPath: "\(set)/audio/\(names[0])")
    try "no sound".write(toFile: "\(set)/audio/\(names[1])", atomically: true, encoding: .utf8)

    let store = try await place.importing([set], into: "run")

    let rejections = try store.status().rejections
    #expect(Set(rejections.map(\.code)) == ["E_MISSING", "E_UNREADABLE"])
    #expect(rejections.allSatisfy { $0.stage == "import" })
    let total = rejections.reduce(0) { $0 + $1.count }
    #expect(try store.status().accepted + total == 10)
    #expect(try store.clipCount() == 2)
    // The sound comes back, and its rows with it.
    _ = try place.fullSet(clips: 4)
    try await place.importing([set], into: "run")
    #expect(try store.status().accepted == 10 && store.status().rejections.isEmpty)
  }

  /// Stopped in the middle of everything: rows half read, sounds half decoded, clips half made.
  @Test func anImportThatWasStoppedEndsAsOneThatWasNot() async throws {
    let place = try ImportPlace()
    let set = try place.fullSet()
    let whole = try await place.importing([set], into: "whole")
    let folder = RunFolder(path: place.path + "/stopped")
    try files.createDirectory(atPath: folder.path, withIntermediateDirectories: true)
    let store = try RunStore(path: folder.database)
    let here = StagePlace(name: "import", position: 0, upstream: nil, followers: ["dedup"])
    // What a kill leaves: a file with some of its rows, and one whose rows are of an earlier state.
    let settings = try ImportSettings(
      PipelineFile(path: try ImportPipeline(sets: [set]).write(to: folder)).section("import"))
    let files = try ImportFiles(settings)
    try store.begin(here, parts: settings.parts)
    try store.list(importFiles: files.listings)
    for file in try store.unreadImportFiles() {
      let source = try #require(files.sources[file.path])
      let keeper = RowKeeper(settings: settings, sounds: EmbeddedSounds(folder: folder.path + "/sounds"))
      let rows = try ImportPages(source, settings).next().map { try keeper.record($0) }
      try store.beginReading(importFile: file.id)
      try store.add(Array(rows.prefix(3)), to: file.id, here)
    }
    let decoder = StretchDecoder(decoder: settings.decoder, root: AudioRoot(path: "/"))
    let some = try store.pendingImportSources(from: "", limit: 2).map { decoder.decode($0) }
    try store.commit(decoded: some, here)

    try await place.importing([set], into: "stopped")

    #expect(
      try place.rows(try await place.export(store, .jsonl, to: "a"))
        == place.rows(try await place.export(whole, .jsonl, to: "b")))
  }

  @Test func aBrokenSetSaysWhatIsWrong() async throws {
    let place = try ImportPlace()
    let none = place.path + "/nowhere"
    let real = AudioRoot.absolute(place.path)

    await #expect(throws: DatasetError.noSuchSet(path: none)) { try await place.importing([none], into: "a") }
    try files.createDirectory(atPath: place.path + "/empty", withIntermediateDirectories: true)
    await #expect(throws: DatasetError.noRows(path: real + "/empty")) {
      try await place.importing([place.path + "/empty"], into: "b")
    }
    try place.write("other/list.jsonl", "{\"a\": 1}\n[2]\n")
    let reason = "\(real)/other/list.jsonl:1: neither a question or prompt nor a sound"
    await #expect(throws: StagesError.nothingImported(reason)) {
      try await place.importing([place.path + "/other"], into: "c")
    }
  }

  @Test func splitsAndPlacesAreMadeAnewWhereTheFileAsks() async throws {
    let place = try ImportPlace()
    let store = try await place.importing(
      [try place.fullSet()], into: "run",
      ["split.given=redo", "split.train=0", "split.dev=0", "split.test=1", "balance.given=redo"])

    let status = try store.status()
    #expect(try store.splitCounts() == ["test": status.accepted])
    #expect((status.positions.max() ?? 0) - (status.positions.min() ?? 0) <= 1)
  }

  /// What is in train in one row and in test in another is held back.
  @Test func aClipWithRowsOfTwoSplitsIsHeldBack() async throws {
    let place = try ImportPlace()
    try place.sound("s/a.wav", 1)
    let row = { (id: String, stem: String) in
      #"{"id": "\#(id)", "audio": "a.wav", "question": "\#(stem)", "choices": ["yes", "no"], "answer": "no"}"# + "\n"
    }
    try place.write("s/train.jsonl", row("1", "Does a lathe turn?") + row("2", "Is there hail on gravel?"))
    try place.write("s/test.jsonl", row("3", "Can a finch be heard before the gong?"))

    let store = try await place.importing([place.path + "/s"], into: "run")

    #expect(try store.splitCounts() == ["test": 3])
    #expect(place.notes.notes.contains { $0.hasPrefix("2 questions with another split") })
  }

  @Test func namesThatNoFileCanHaveLeaveNoFolder() async throws {
    let place = try ImportPlace()
    try place.sound("s/a.wav", 1)
    try place.write(
      "s/rows.jsonl",
      #"{"id": "../../x", "clip": "../../../escaped", "audio": "a.wav", "question": "Where is it?", "choices": ["in", "out"], "answer": "in"}"#
    )

    let store = try await place.importing([place.path + "/s"], into: "run")

    for format in ExportFormat.allCases {
      let out = try await place.export(store, format, to: "deep/er/\(format.rawValue)")
      #expect(try place.rows(out).keys.allSatisfy { !$0.contains("..") })
    }
    #expect(try files.contentsOfDirectory(atPath: place.path).sorted() == ["deep", "run", "s"])
    #expect(try files.contentsOfDirectory(atPath: place.path + "/deep") == ["er"])
  }

  /// The files of an export have names of their own; what its lines say of the sound's origin counts.
  @Test func whatASetSaysOfItsSoundsIsHeldAgainstTestSets() async throws {
    let place = try ImportPlace()
    let clip = ContentID.make(domain: "test clip", ["youtube"])
    try place.sound("s/audio/\(clip).wav", 3)
    var question = ImportPlace.question(1, clip: clip, 3, split: "train")
    question.provenance.sources = ["---g-f_I2yQ_000001.wav"]
    try place.write("s/train.jsonl", JSONLFormat.line(question) + "\n")
    let reference = try place.write(
      "mmar.jsonl",
      #"{"id": "m1", "audio_path": "./audio/m1.wav", "question": "Other words entirely?", "choices": ["x", "y"], "#
        + #""answer": "x", "modality": "sound", "url": "https://www.youtube.com/watch?v=---g-f_I2yQ", "#
        + #""timestamp": "00:00:01,00:00:11"}"# + "\n")

    let store = try await place.importing([place.path + "/s"], into: "run", ["contamination.files=\(reference)"])

    #expect(try store.question(id: question.id).verdict?.code == "E_CONTAMINATED")
    #expect(try store.contamination(limit: 5).map(\.kind) == ["youtube"])
  }

  /// The run's own exports are no part of the folder that it imports.
  @Test func aRunInsideTheFolderOfItsSetIsPassedOver() async throws {
    let place = try ImportPlace()
    _ = try place.fullSet(clips: 4)
    let store = try await place.importing([place.path], into: "run")
    let revision = try store.revision()

    try await place.importing([place.path], into: "run")

    #expect(try store.revision() == revision)
    #expect(try store.importedSets().map(\.rows) == [10])
  }

  @Test func runsOfAnotherKindAreLeftAlone() async throws {
    let place = try ImportPlace()
    let run = try TestRun()
    try run.write("a.wav", run.tone(300))
    try await run.run()
    let before = try run.store.revision()
    let set = try place.fullSet(clips: 4)
    let file = try PipelineFile(path: try ImportPipeline(sets: [set]).write(to: RunFolder(path: run.folder + "/run")))
    let imports = Run(folder: RunFolder(path: run.folder + "/run"), stages: try StageCatalogue.stages(of: file))

    await #expect(throws: StagesError.otherKindOfRun(run.folder + "/run")) {
      try await imports.execute(in: run.store, until: nil, progress: place.notes)
    }
    #expect(try run.store.revision() == before)
    #expect(throws: StagesError.noImport(place.path)) {
      try ImportPipeline(sets: []).write(to: RunFolder(path: place.path))
    }
  }
}
