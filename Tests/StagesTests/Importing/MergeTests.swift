import Dataset
import Foundation
import Testing

@testable import Stages
@testable import Store

@Suite struct MergeTests {
  @Test func aRunAndItsOwnExportAreTheRun() async throws {
    let place = try ImportPlace()
    let run = try TestRun()
    for number in 0..<6 {
      try run.write("\(number).wav", run.tone(200 + Float(number) * 90, seconds: 0.6, rate: 22_050), rate: 22_050)
    }
    try await run.run()
    let out = try await place.export(run.store, .jsonl, to: "out")

    let store = try await place.importing([run.folder + "/run", out], into: "both")

    let accepted = try run.store.status().accepted
    let sets = try store.importedSets()
    #expect(sets.map(\.set) == ["run", "out"])
    #expect(sets.map(\.accepted) == [accepted, 0] && sets.map(\.repeats) == [0, accepted])
    #expect(try store.status().rejections == [RejectionCount(stage: "import", code: "E_REPEATED", count: accepted)])
    #expect(try place.rows(try await place.export(store, .jsonl, to: "again")) == place.rows(out))
  }

  @Test func anIDThatMeansTwoQuestionsStaysWithTheFirst() async throws {
    let place = try ImportPlace()
    for set in ["a", "b"] { try place.sound("\(set)/1.wav", set == "a" ? 1 : 2) }
    let row = { (stem: String) in
      #"{"id": "1", "audio": "1.wav", "question": "\#(stem)", "choices": ["yes", "no"], "answer": "no"}"# + "\n"
    }
    try place.write("a/train.jsonl", row("Does a lathe turn?"))
    try place.write("b/train.jsonl", row("Is there hail on gravel?"))

    let store = try await place.importing([place.path + "/a", place.path + "/b"], into: "ab")
    let other = try await place.importing([place.path + "/b", place.path + "/a"], into: "ba")

    #expect(try store.question(id: "1").stem == "Does a lathe turn?")
    #expect(try other.question(id: "1").stem == "Is there hail on gravel?")
    #expect(try store.status().accepted == 2)
    let ids = try store.recordings().flatMap { try store.allQuestions(of: $0.clip).map(\.id) }
    let second = try #require(ids.first { $0 != "1" })
    #expect(try store.importPlace(of: second)?.set == "b")
  }

  /// Two sets on one sound: nearly the same question is there once, and captions of both sets are known of the clip.
  @Test func nearRepeatsOfTwoSetsGoThroughDedup() async throws {
    let place = try ImportPlace()
    for set in ["a", "b"] { try place.sound("\(set)/x.wav", 1) }
    let row = { (id: String, stem: String, caption: String) in
      #"{"id": "\#(id)", "audio": "x.wav", "question": "\#(stem)", "choices": ["a lathe", "a loom", "a mill"], "#
        + #""answer": "a loom", "captions": ["\#(caption)"]}"# + "\n"
    }
    try place.write("a/train.jsonl", row("a1", "Which machine can be heard in the hall?", "A loom works."))
    try place.write("b/train.jsonl", row("b1", "Which machine can be heard in the hall ?", "Something rattles."))

    let store = try await place.importing([place.path + "/a", place.path + "/b"], into: "ab")

    #expect(try store.clipCount() == 1)
    #expect(try store.status().accepted == 1)
    #expect(try store.question(id: "b1").verdict?.survivor == "a1")
    let clip = try store.question(id: "a1").clip
    #expect(try Set(store.captions(of: clip).compactMap(\.text)) == ["A loom works.", "Something rattles."])
    // What was written from one set's caption shows that one.
    let out = try await place.export(store, .jsonl, to: "out")
    let text = try ["train", "dev", "test"].map { try String(contentsOfFile: "\(out)/\($0).jsonl", encoding: .utf8) }
      .joined()
    #expect(text.contains("A loom works.") && !text.contains("Something rattles."))
  }

  @Test func setsOfOneNameAreTold() {
    #expect(ImportFiles.names(["/x/a", "/y/a", "/y/b"]) == ["x/a", "y/a", "b"])
    #expect(ImportFiles.names(["/x/a", "/x/a"]) == ["a", "a"])
  }

  @Test func aRunIsNotMergedIntoItself() async throws {
    let place = try ImportPlace()
    try await place.importing([try place.fullSet(clips: 4)], into: "run")

    await #expect(throws: StagesError.importsItself(place.path + "/run")) {
      try await place.importing([place.path + "/run", place.path + "/full"], into: "run")
    }
  }
}
