import Dataset
import Foundation
import Testing

@testable import Stages
@testable import Store

@Suite struct ImportRoundTripTests {
  @Test func aLineOfOurOwnComesBackToTheByte() async throws {
    let place = try ImportPlace()
    let set = try place.fullSet()
    let store = try await place.importing([set], into: "run")

    let out = try await place.export(store, .jsonl, to: "out")

    let (before, after) = (try lines(set), try lines(out))
    #expect(before.count == 32)
    #expect(after == before)
    #expect(try store.status().accepted == 32)
    #expect(try store.splitCounts() == ["train": 20, "dev": 6, "test": 6])
  }

  /// What a format has room for survives; what it has not room for cannot come back differently from one that has it not.
  @Test(arguments: ExportFormat.allCases) func aSetComesBackFromEveryFormat(format: ExportFormat) async throws {
    let place = try ImportPlace()
    let first = try await place.importing([try place.fullSet()], into: "first")
    let out = try await place.export(first, format, to: "out")

    let second = try await place.importing([out], into: "second")
    let again = try await place.export(second, format, to: "again")

    let (before, after) = (try place.rows(out), try place.rows(again))
    #expect(before.keys.sorted() == after.keys.sorted())
    for (name, text) in before { #expect(after[name] == text, "\(name)") }
    #expect(try second.status().accepted == 32)
  }

  /// A run's own set, exported as lines and imported, is the run's set in every format.
  @Test func ourLinesCarryARunsSetIntoEveryFormat() async throws {
    let place = try ImportPlace()
    let run = try TestRun()
    for number in 0..<8 { try run.write("\(number).wav", run.tone(200 + Float(number) * 90, seconds: 0.6)) }
    try await run.run(["split.train=0.6", "split.dev=0.2", "split.test=0.2"])
    let lines = try await place.export(run.store, .jsonl, to: "lines")

    let store = try await place.importing([lines], into: "imported")

    for format in ExportFormat.allCases {
      let own = try place.rows(try await place.export(run.store, format, to: "own-\(format.rawValue)"))
      let carried = try place.rows(try await place.export(store, format, to: "carried-\(format.rawValue)"))
      #expect(own.keys.sorted() == carried.keys.sorted())
      for (name, text) in own { #expect(carried[name] == text, "\(format.rawValue) \(name)") }
    }
    #expect(try store.status().accepted == run.store.status().accepted)
  }

  /// What judges' answers came to is in every format that has room for it, and comes back.
  @Test func ratesOfAnswersGoAlongAndComeBack() async throws {
    let place = try ImportPlace()
    let run = try TestRun()
    for number in 0..<8 { try run.write("\(number).wav", run.tone(200 + Float(number) * 90, seconds: 0.6)) }
    try await run.run(["dependence.judges=words", "dependence.words.judge=classifier"])
    let own = try place.rows(try await place.export(run.store, .jsonl, to: "own"))
    let told = try #require(own["train.jsonl"])
    #expect(told.contains(#","blind_accuracy":0."#) && !told.contains("silent_accuracy") && !told.contains("pass_rate"))

    let store = try await place.importing([place.path + "/own"], into: "imported")

    #expect(try place.rows(try await place.export(store, .jsonl, to: "carried")) == own)
    for format in [ExportFormat.hf, .hfAudioFolder, .trl, .msSwift, .verl, .lhotse, .labelStudio] {
      let rows = try place.rows(try await place.export(store, format, to: "\(format.rawValue)")).values
      #expect(rows.contains { $0.contains(#""blind_accuracy":"#) }, "\(format.rawValue)")
    }
    for format in [ExportFormat.r1AQA, .mmau, .audioMCQ, .llamaFactory] {
      let rows = try place.rows(try await place.export(store, format, to: "\(format.rawValue)")).values
      #expect(!rows.contains { $0.contains("accuracy") }, "\(format.rawValue)")
    }
  }

  /// A run is a set itself; its windows are stretches of its recordings.
  @Test func aRunFolderIsASet() async throws {
    let place = try ImportPlace()
    let run = try TestRun()
    for number in 0..<3 {
      let samples =
        run.tone(200 + Float(number) * 90, seconds: 0.6) + run.tone(1_000 + Float(number) * 90, seconds: 0.7)
      try run.write("\(number).wav", samples)
    }
    try await run.run(["scan.window=0.6s"])
    let own = try place.rows(try await place.export(run.store, .jsonl, to: "own"))

    let store = try await place.importing([run.folder + "/run"], into: "imported")

    let carried = try place.rows(try await place.export(store, .jsonl, to: "carried"))
    #expect(carried == own)
    #expect(try store.clipCount() > 3)
  }

  /// By id, so that the files of splits may come in any order.
  private func lines(_ folder: String) throws -> [String: String] {
    var lines: [String: String] = [:]
    for split in ["train", "dev", "test"] {
      let text = try String(contentsOfFile: "\(folder)/\(split).jsonl", encoding: .utf8)
      for line in text.split(separator: "\n") {
        lines[try JSONLFormat.question(line: String(line)).id] = String(line)
      }
    }
    return lines
  }
}
