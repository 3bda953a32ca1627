import Audio
import Dataset
import Foundation
import Pipelines
import Stages
import Testing

@testable import Store

/// Questions and sounds of test sets, found in a run.
@Suite struct ContaminationStageTests {
  private func run() async throws -> TestRun {
    let run = try TestRun()
    let labels = ["bell", "drum", "flute", "siren"]
    var manifest = "file,label\n"
    for number in 0..<8 {
      let name = number == 0 ? "FwVYUHKoLtQ_000034.wav" : "\(number).wav"
      try run.write(name, run.tone(200 + Float(number) * 37, seconds: 0.6 + Float(number) * 0.05))
      manifest += "\(name),\(labels[number % 4])\n"
    }
    try run.write("labels.csv", text: manifest)
    try await run.run()
    return run
  }

  private func overrides(_ run: TestRun, _ file: String, _ text: String, _ matches: String) throws -> [String] {
    let path = run.folder + "/" + file
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    return ["contamination.files=[\(path)]", "contamination.matches=\(matches)"]
  }

  @Test func soundsOfTheSameSecondsAreRemovedAndComeBack() async throws {
    let run = try await run()
    let before = try run.exported("jsonl")
    let meeting = try overrides(run, "set.csv", "youtube_id,start,end\nFwVYUHKoLtQ,40,50\n", "remove")

    try await run.run(meeting)
    let rows = try run.store.contamination(limit: 99)
    let clip = try run.store.question(id: try #require(rows.first).question).clip
    let questions = try run.store.allQuestions(of: clip)
    try await run.run(try overrides(run, "set.csv", "youtube_id,start,end\nFwVYUHKoLtQ,44,54\n", "remove"))
    let apart = try run.store.contamination(limit: 99)
    try await run.run()

    #expect(rows.allSatisfy { $0.kind == "youtube" && $0.file == "set.csv" && $0.line == 2 })
    #expect(try run.store.sources(of: clip).map(\.path) == ["FwVYUHKoLtQ_000034.wav"])
    #expect(questions.allSatisfy { $0.verdict?.code == "E_CONTAMINATED" || $0.verdict?.stage == "dedup" })
    #expect(questions.first?.verdict?.detail?.hasPrefix("set.csv:2: youtube: ") == true)
    #expect(apart.isEmpty)
    #expect(try run.exported("jsonl") == before)
  }

  @Test func soundsOfATestSetsAudioAreRemovedListedOrRefused() async throws {
    let run = try await run()
    let sounds = Synthesizer(seed: 7).clips(count: 12).flatMap { $0.waveform.samples.prefix(8000) }
    try run.write("taken.wav", sounds)
    try run.write(
      "labels.csv", text: String(contentsOfFile: run.audio + "/labels.csv", encoding: .utf8) + "taken.wav,bell\n")
    try await run.run()
    let before = try run.exported("jsonl")
    let folder = run.folder + "/mmau-audio"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let excerpt = Waveform(samples: Array(sounds[32_000..<80_000]), sampleRate: 16_000)
    try WAVWriter.write(try Resampler().resample(excerpt, to: 44_100), to: folder + "/item 1.wav")

    try await run.run(["contamination.audio=\(folder)"])
    let rows = try run.store.contamination(limit: 99)
    let clip = try run.store.question(id: try #require(rows.first).question).clip
    let questions = try run.store.allQuestions(of: clip)
    let summary = try run.store.stage(named: "contamination")?.summary
    try await run.run(["contamination.audio=[\(folder)]", "contamination.matches=list"])
    let listed = try run.exported("jsonl").filter { $0.key != "README.md" }

    #expect(try run.store.sources(of: clip).map(\.path) == ["taken.wav"])
    #expect(Set(rows.map(\.question)).isSubset(of: questions.map(\.id)))
    #expect(rows.allSatisfy { $0.kind == "audio" && $0.place == "mmau-audio/item 1.wav" && $0.line == 0 })
    #expect(rows.first?.detail.contains(" s are the same, from 2.0") == true, "\(rows)")
    #expect(questions.contains { $0.verdict?.detail?.hasPrefix("mmau-audio/item 1.wav: audio: ") == true })
    #expect(questions.allSatisfy { $0.verdict?.code == "E_CONTAMINATED" || $0.verdict?.stage == "dedup" })
    #expect(try run.store.contaminationCounts().map(\.items) == [1])
    #expect(summary?.contains("by audio") == true)
    let card = try String(contentsOfFile: run.folder + "/run/export/jsonl/README.md", encoding: .utf8)
    #expect(card.contains("Compared with mmau-audio. Matches were listed and kept."))
    // The card names the test sets; the rows are the same.
    #expect(listed == before.filter { $0.key != "README.md" })
    await #expect {
      try await run.run(["contamination.audio=\(folder)", "contamination.matches=refuse"])
    } throws: { error in
      guard case StagesError.contaminated(_, let first, _)? = error as? StagesError else { return false }
      return first.hasSuffix(" in mmau-audio/item 1.wav")
    }
  }

  @Test func aFolderWithoutAudioIsRefused() throws {
    let run = try TestRun()
    try FileManager.default.createDirectory(atPath: run.folder + "/none", withIntermediateDirectories: true)
    for name in ["none", "nowhere", "avqa-gpt.md"] {
      #expect(throws: StagesError.noReferenceAudio("\(run.folder)/\(name)")) {
        try run.pipeline(["contamination.audio=\(run.folder)/\(name)"])
      }
    }
  }

  @Test func matchesAreListedWithoutEffectOrStopTheRun() async throws {
    let run = try await run()
    let before = try run.exported("jsonl")
    let set = #"{"id":"x","audio_path":"a/FwVYUHKoLtQ_000034.flac","question":"What?","choices":["a","b"]}"#

    try await run.run(try overrides(run, "set.jsonl", set, "list"))
    let listed = try run.store.contamination(limit: 99)
    let exported = try run.exported("jsonl")
    let isCard: (String) -> Bool = { $0 == "README.md" }

    // The card names the test sets; the rows are the same.
    #expect(!listed.isEmpty && exported.filter { !isCard($0.key) } == before.filter { !isCard($0.key) })
    #expect(try run.store.status().rejections.allSatisfy { $0.code != "E_CONTAMINATED" })
    await #expect {
      try await run.run(try overrides(run, "set.jsonl", set, "refuse"))
    } throws: { error in
      guard case StagesError.contaminated(let count, _, _)? = error as? StagesError else { return false }
      return count > 0
    }
    #expect(try run.store.contamination(limit: 99).count == listed.count)
  }
}
