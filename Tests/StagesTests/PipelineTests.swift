import Foundation
import Pipelines
import Stages
import Testing

@testable import Store

@Suite struct PipelineTests {
  private func labelled() throws -> TestRun {
    let run = try TestRun()
    let labels = ["bell", "drum", "flute", "siren"]
    var manifest = "file,label\n"
    for number in 0..<16 {
      try run.write("\(number).wav", run.tone(200 + Float(number) * 37, seconds: 0.6 + Float(number) * 0.05))
      manifest += "\(number).wav,\(labels[number % 4])\n"
    }
    try run.write("labels.csv", text: manifest)
    return run
  }

  @Test func aSecondRunHasNothingToDo() async throws {
    let run = try labelled()
    try await run.run()
    run.notes.clear()

    try await run.run()

    #expect(run.notes.ran == ["scan"])
    #expect(try run.store.status().usage.answered == 16)
  }

  @Test func aChangedPromptDoesThatStageAgainAndWhatFollowsAndNothingBefore() async throws {
    let run = try labelled()
    try await run.run()
    let prompt = run.folder + "/avqa-gpt.md"
    let text = try String(contentsOfFile: prompt, encoding: .utf8)
    try text.replacing("Content\n", with: "Contents\n").write(toFile: prompt, atomically: true, encoding: .utf8)

    let rehearsals = try await run.rehearse()
    run.notes.clear()
    try await run.run()

    let write = try #require(rehearsals.first { $0.stage == "write" })
    #expect(write.changes.map(\.name) == ["prompt avqa-gpt.md"])
    #expect(write.forecast == StageForecast(count: 16, unit: "requests"))
    #expect(rehearsals.first { $0.stage == "caption" }?.forecast.count == 0)
    #expect(rehearsals.first { $0.stage == "check" }?.follows == ["write"])
    #expect(run.notes.ran == ["scan", "write", "check", "dedup", "contamination", "split", "balance", "export"])
    #expect(try run.store.status().usage.answered == 32)
  }

  @Test func aPromptSetBackCostsNothingAndGivesTheSameSet() async throws {
    let run = try labelled()
    try await run.run()
    let before = try run.exported("jsonl")
    let prompt = run.folder + "/avqa-gpt.md"
    let text = try String(contentsOfFile: prompt, encoding: .utf8)
    try text.replacing("Content\n", with: "Contents\n").write(toFile: prompt, atomically: true, encoding: .utf8)
    try await run.run()
    try text.write(toFile: prompt, atomically: true, encoding: .utf8)

    let write = try #require(try await run.rehearse().first { $0.stage == "write" })
    try await run.run()

    #expect(write.forecast.count == 0)
    #expect(try run.store.status().usage.answered == 32)
    #expect(try run.exported("jsonl") == before)
  }

  @Test func aChangedCheckCostsNoRequest() async throws {
    let run = try labelled()
    try await run.run()
    run.notes.clear()

    try await run.run(["check.forbidden_tokens=[recording]"])

    #expect(!run.notes.ran.contains("write"))
    #expect(run.notes.ran.contains("check"))
    #expect(try run.store.status().usage.answered == 16)
    #expect(try run.store.status().rejections.contains { $0.code == "E_FORBIDDEN_TOKEN" })
  }

  @Test func aChangedLabelAsksAgainForThatClipAlone() async throws {
    let run = try labelled()
    try await run.run()
    let manifest = run.audio + "/labels.csv"
    let text = try String(contentsOfFile: manifest, encoding: .utf8)
    try text.replacing("\n3.wav,siren", with: "\n3.wav,horn").write(toFile: manifest, atomically: true, encoding: .utf8)

    try await run.run()

    #expect(try run.store.status().usage.answered == 17)
    #expect(try run.store.status().done["write"] == 16)
  }

  @Test func aRehearsalChangesNothing() async throws {
    let run = try labelled()
    try await run.run(until: "caption")
    let before = try Data(contentsOf: URL(fileURLWithPath: run.folder + "/run/run.sqlite"))
    let revision = try run.store.revision()

    let rehearsals = try await run.rehearse(["write.questions=2"])

    #expect(rehearsals.first { $0.stage == "write" }?.forecast.count == 16)
    #expect(try run.store.revision() == revision)
    #expect(try Data(contentsOf: URL(fileURLWithPath: run.folder + "/run/run.sqlite")) == before)
  }

  @Test func aDeletedExportIsWrittenAgainAsItWas() async throws {
    let run = try labelled()
    try await run.run()
    let before = try run.exported("r1-aqa")
    try FileManager.default.removeItem(atPath: run.folder + "/run/export")

    try await run.run()

    #expect(try run.exported("r1-aqa") == before)
    #expect(before.keys.contains("train.jsonl"))
    #expect(before.keys.filter { $0.hasSuffix(".wav") }.count == 16)
  }

  @Test func aWrongKeyNamesFileLineAndTheNearestRightOne() async throws {
    let run = try TestRun()
    let path = run.folder + "/demo.yaml"
    let prompt = run.folder + "/avqa-gpt.md"
    try "name: demo\nscan:\n  audio: synth\nwrite:\n  prompt: \(prompt)\n  endpont: builtin\n".write(
      toFile: path, atomically: true, encoding: .utf8)

    let error = #expect(throws: PipelineError.self) {
      try StageCatalogue.stages(of: PipelineFile(path: path))
    }

    #expect(error?.description == "\(path):6: unknown key 'endpont' in 'write'. Did you mean 'endpoint'?")
  }
}
