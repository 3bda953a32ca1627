import Foundation
import Pipelines
import Stages
import Testing
import Training

@Suite struct TrainStageTests {
  @Test func aPipelineTrainsFromSynthToGRPOAndThenHasNothingToDo() async throws {
    let run = try TrainedRun()
    try await run.run()

    #expect(run.notes.ran == StageCatalogue.names + TrainedRun.phases)
    // The end of each phase stays, whatever `keep` says.
    #expect(try run.steps() == [4, 6])
    #expect(FileManager.default.fileExists(atPath: run.training.model + "/model.safetensors"))
    // The test rows are for the last phase alone.
    #expect(run.notes.notes.count { $0.hasPrefix("test: ") } == 1)
    #expect(FileManager.default.fileExists(atPath: run.training.answers))
    let mark = try #require(try TrainingMark(of: "grpo", in: run.store))
    #expect(mark.steps == 2 && mark.done == 2 && mark.examples > 0)
    let logged = try run.logged()

    try await run.run()

    #expect(run.notes.ran == ["scan"])
    #expect(try run.logged() == logged)
  }

  @Test func aRunThatStopsBehindSFTGoesOnToTheSameWeights() async throws {
    let (whole, parts) = (try TrainedRun(), try TrainedRun())
    try await whole.run()

    try await parts.run(until: "sft")
    #expect(try parts.steps() == [4])
    #expect(parts.notes.ran.last == "sft")
    try await parts.run()

    #expect(parts.notes.ran == ["scan", "grpo"])
    for step in [4, 6] { #expect(try parts.weights(step: step) == whole.weights(step: step)) }
  }

  @Test func aCancelledTrainingGoesOnToTheSameWeights() async throws {
    let (whole, parts) = (try TrainedRun(), try TrainedRun())
    try await whole.run(until: "sft")

    await #expect(throws: CancellationError.self) { try await parts.runCancelled(after: 2, of: "sft") }
    let reached = try #require(try parts.steps().last)
    #expect(reached < 4)
    #expect(try await parts.rehearse().first { $0.stage == "sft" }?.forecast.count == 4 - reached)
    try await parts.run(until: "sft")

    #expect(try parts.weights(step: 4) == whole.weights(step: 4))
  }

  @Test func aChangedPhaseBeginsAnewFromTheOneBeforeAndTheOldOneIsKept() async throws {
    let run = try TrainedRun()
    try await run.run()
    let taught = try run.weights(step: 4)

    let rehearsal = try #require(try await run.rehearse(["grpo.steps=3"]).last)
    try await run.run(["grpo.steps=3"])

    #expect(rehearsal.changes.map(\.name) == ["steps"])
    #expect(rehearsal.forecast.count == 3)
    #expect(run.notes.ran == ["scan", "grpo"])
    #expect(try run.steps() == [4, 7])
    #expect(try run.weights(step: 4) == taught)
    #expect(try run.steps(in: "train-1") == [6])
    #expect(FileManager.default.fileExists(atPath: run.folder + "/run/train-1/metrics.jsonl"))
    #expect(run.notes.notes.contains { $0.contains("begins anew") && $0.hasSuffix("run/train-1") })
  }

  @Test func aChangedFirstPhaseBeginsEverythingAnew() async throws {
    let run = try TrainedRun()
    try await run.run()
    let taught = try run.weights(step: 4)

    try await run.run(["sft.learning_rate=1e-4"])

    #expect(run.notes.ran == ["scan"] + TrainedRun.phases)
    #expect(try run.steps() == [4, 6] && run.steps(in: "train-1") == [4, 6])
    #expect(try run.weights(step: 4) != taught)
  }

  @Test func aChangedSetIsTrainedOnAnew() async throws {
    let run = try TrainedRun()
    try await run.run(until: "sft")

    try await run.run(["write.questions=1"], until: "sft")

    #expect(run.notes.ran.suffix(2) == ["export", "sft"])
    #expect(try run.steps(in: "train-1") == [4])
  }

  @Test func aChangeThatLeavesTheQuestionsTrainsNothing() async throws {
    let run = try TrainedRun()
    try await run.run(until: "sft")
    let logged = try run.logged()

    try await run.run(["export.formats=[jsonl, r1-aqa]"], until: "sft")

    #expect(run.notes.ran == ["scan", "export", "sft"])
    #expect(try run.logged() == logged)
    #expect(try run.steps() == [4])
    #expect(!FileManager.default.fileExists(atPath: run.folder + "/run/train-1"))
  }

  @Test func aDeletedCheckpointIsTrainedAgainAsItWas() async throws {
    let run = try TrainedRun()
    try await run.run()
    let weights = (try run.weights(step: 4), try run.weights(step: 6))
    try FileManager.default.removeItem(atPath: run.training.path)

    try await run.run()

    #expect(run.notes.ran == ["scan"] + TrainedRun.phases)
    #expect(try run.weights(step: 4) == weights.0)
    #expect(try run.weights(step: 6) == weights.1)
  }

  @Test func aRehearsalTellsStepsAndExamplesAndChangesNothing() async throws {
    let run = try TrainedRun()
    let first = try await run.rehearse(["sft.steps="])
    #expect(first.first { $0.stage == "sft" }?.forecast.text == "1 epoch of the set's training questions")
    #expect(first.last?.forecast == StageForecast(count: 2, unit: "steps", text: "2 steps"))
    try await run.run(until: "export")

    let second = try await run.rehearse()

    let text = try #require(second.last?.forecast.text)
    #expect(text.wholeMatch(of: /2 steps on [1-9][0-9]* examples/) != nil)
    #expect(!FileManager.default.fileExists(atPath: run.training.path))
    #expect(try TrainingMark(of: "grpo", in: run.store) == nil)
  }

  @Test func adaptersGoThroughAllThreePhases() async throws {
    let run = try TrainedRun(more: "dpo: {steps: 2, batch: 2, evaluate_every: 0}")
    let lora = ["train.lora.rank=2", "train.lora.targets=[decoder.*.q_proj]"]

    try await run.run(lora)

    #expect(run.notes.ran.suffix(3) == ["sft", "dpo", "grpo"])
    #expect(try run.steps() == [4, 6, 8])
    #expect(try CheckpointStore.latest(in: run.training.checkpoints)?.isAdapter == true)
  }
}

@Suite struct TrainingSectionTests {
  private func message(_ text: String) throws -> String {
    let folder = NSTemporaryDirectory() + "earshot-sections-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let project = TestRun.project
    let usual = "name: demo\nscan: {audio: synth}\nwrite: {prompt: \(project)/prompts/avqa-gpt.md}\n"
    let model = "model: \(project)/Tests/Fixtures/models/qwen2-audio"
    let prompt = "data: {prompt: \(project)/prompts/ask-omni-r1.md}"
    let path = folder + "/demo.yaml"
    try (usual + text.replacing("MODEL", with: model).replacing("PROMPT", with: prompt))
      .write(toFile: path, atomically: true, encoding: .utf8)
    do {
      return try StageCatalogue.stages(of: PipelineFile(path: path)).map(\.name).joined(separator: " ")
    } catch {
      return "\(error)".replacing(folder + "/", with: "")
    }
  }

  private static let usual = StageCatalogue.names.joined(separator: " ")

  @Test func onlyTheSectionsThatAreThereTrain() throws {
    #expect(try message("") == Self.usual)
    #expect(try message("train: {MODEL}\nPROMPT\nsft: {}") == Self.usual + " sft")
    // In this order, whatever the file's.
    #expect(try message("train: {MODEL}\nPROMPT\ngrpo: {}\ndpo: {}\nsft: {}") == Self.usual + " sft dpo grpo")
  }

  @Test func theShippedQuickstartTrainsNothing() throws {
    let file = try PipelineFile(path: TestRun.project + "/pipelines/quickstart.yaml")

    #expect(try StageCatalogue.stages(of: file).map(\.name) == StageCatalogue.names)
  }

  @Test(arguments: [
    ("sft: {}", "demo.yaml: 'train.model' is missing. Set it to a path."),
    ("train: {MODEL}", "demo.yaml: 'sft, dpo or grpo' is missing. Set it to the settings of a phase."),
    ("train: {MODEL}\nsft: {}", "prompts/ask-omni-r1.md: there is no such file."),
    ("train: {MODEL, output: x}\nPROMPT\nsft: {}", "'train.output' does not go with a pipeline"),
    ("train: {MODEL}\nPROMPT\nsft: {stepps: 3}", "demo.yaml:6: unknown key 'stepps' in 'sft'. Did you mean 'steps'?"),
    ("train: {MODEL}\nPROMPT\nwarm-up: {method: sft}", "demo.yaml:6: unknown section 'warm-up'."),
    (
      "train: {MODEL}\nPROMPT\nexport: {formats: r1-aqa}\nsft: {}",
      "which is not a list with jsonl, which 'sft' is trained on"
    ),
    ("train: {model: nowhere}\nPROMPT\nsft: {}", "nowhere"),
  ])
  func whatIsWrongIsSaidAtOnce(text: String, reason: String) throws {
    let message = try message(text)
    #expect(message.contains(reason), "\(message)")
  }

  @Test func rowsThatAPhaseNamesArePartOfTheFingerprint() throws {
    let run = try TrainedRun()
    let rows = run.folder + "/rows.jsonl"
    func parts() throws -> [String: String]? {
      try run.pipeline(["sft.data.train=\(rows)"]).stages.first { $0.name == "sft" }?.parts
    }
    try "{\"question\": \"a?\", \"choices\": [\"b\", \"c\"], \"answer\": 0}\n"
      .write(toFile: rows, atomically: true, encoding: .utf8)
    let before = try #require(try parts())
    try "{\"question\": \"a?\", \"choices\": [\"b\", \"c\"], \"answer\": 1}\n"
      .write(toFile: rows, atomically: true, encoding: .utf8)
    let after = try #require(try parts())

    #expect(Set(before.keys) == Set(after.keys))
    #expect(before.keys.filter { before[$0] != after[$0] } == ["data"])
  }
}
