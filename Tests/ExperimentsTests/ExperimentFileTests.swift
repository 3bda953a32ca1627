import Dataset
import Foundation
import Judging
import Pipelines
import Testing
import Training

@testable import Experiments

@Suite struct ExperimentFileTests {
  private let folder = NSTemporaryDirectory() + "earshot-experiment-\(UUID().uuidString)"
  static let project = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path

  private func read(_ text: String, overrides: [String] = [], audio: [SetAudio] = []) throws -> Experiment {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = folder + "/e.yaml"
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    return try Experiment(PipelineFile(path: path, overrides: overrides), audio: audio)
  }

  private func message(_ text: String) -> String {
    do {
      return "\(try read(text).arms.count) arms"
    } catch {
      return "\(error)".replacing(folder + "/", with: "")
    }
  }

  private func file(
    sets: String = "a: {train: t.jsonl, test: x.jsonl}", arms: String = "sft: {phases: [sft]}", rest: String = ""
  ) -> String {
    """
    name: e
    sets:
      \(sets)
    train: {model: m}
    sft: {}
    grpo: {rewards: [accuracy]}
    arms:
      \(arms)
    \(rest)
    """
  }

  @Test func aShortFileHasTheDefaults() throws {
    let experiment = try read(file())

    #expect(experiment.name == "e")
    #expect(experiment.start == .model(folder + "/m"))
    let files = QuestionSet.Source.files(train: [folder + "/t.jsonl"], dev: [], test: [folder + "/x.jsonl"])
    #expect(experiment.sets == [QuestionSet(name: "a", source: files)])
    #expect(experiment.arms == [ExperimentArm(name: "sft", phases: ["sft"], sets: ["a"])])
    #expect(experiment.evaluation.hearings == [.audio, .silence, .none])
    #expect(experiment.evaluation.sets == ["a"])
    #expect(experiment.evaluation.orders == 1)
    #expect(experiment.expectations.isEmpty)
  }

  @Test func questionsAreAskedByThePromptOfDataAndNotOfAPhase() throws {
    let text = file().replacing("sft: {}", with: "data: {prompt: all.md}\nsft: {data: {prompt: own.md}}")

    #expect(try read(text).evaluation.prompt == folder + "/all.md")
    #expect(try read(text, overrides: ["evaluate.prompt=asked.md"]).evaluation.prompt == "asked.md")
  }

  @Test func foldersWithNamesAreASetEach() throws {
    let text = file(sets: "a: {pipeline: p.yaml, audio: synth, set: [write.questions=2]}\n  z: {run: r}")
    let audio = ["cats=/c", "dogs=/d"].map { SetAudio(argument: $0) }
    let experiment = try read(text, audio: audio)

    #expect(experiment.sets.map(\.name) == ["cats", "dogs", "z"])
    #expect(experiment.arms[0].sets == ["cats", "dogs", "z"] && experiment.evaluation.sets == ["cats", "dogs", "z"])
    #expect(
      experiment.sets[1].source
        == .pipeline(file: folder + "/p.yaml", overrides: ["scan.audio='/d'", "write.questions=2"]))
    #expect(throws: ExperimentError.unnamedAudio(folder: "/c")) {
      try read(text, audio: [SetAudio(folder: "/c"), SetAudio(name: "dogs", folder: "/d")])
    }
    for names in [["z"], ["cats", "cats"]] {
      #expect(throws: ExperimentError.nameTaken(names[0])) {
        try read(text, audio: names.map { SetAudio(name: $0, folder: "/c") })
      }
    }
    #expect(SetAudio(argument: "a b=/c") == SetAudio(folder: "a b=/c"))
  }

  @Test func theWordNanoMakesAFreshModel() throws {
    #expect(try read(file(), overrides: ["train.model=nano"]).start == .nano)
  }

  @Test func armsNameSetsPhasesRowsAndWhatIsHeard() throws {
    let sets = "a: {run: r}\n  b: {pipeline: p.yaml, audio: clips, set: [write.questions=2]}"
    let arms = "base: {}\n  both: {phases: [sft, grpo], sets: b + a, hears: none, rows: strong}"
    let experiment = try read(file(sets: sets, arms: arms))

    #expect(experiment.arms[0] == ExperimentArm(name: "base", phases: [], sets: ["a", "b"]))
    #expect(
      experiment.arms[1]
        == ExperimentArm(
          name: "both", phases: ["sft", "grpo"], sets: ["b", "a"], hears: AudioMode.none, rows: .strong))
    let made = QuestionSet.Source.pipeline(
      file: folder + "/p.yaml", overrides: ["scan.audio='\(folder)/clips'", "write.questions=2"])
    #expect(experiment.sets[1].source == made)
  }

  @Test func whatMustComeOfAnArmIsRead() throws {
    let rest = "expect:\n  sft:\n    audio: {at_least: 60}\n    silence: {near_chance: 5}"

    #expect(
      try read(file(rest: rest)).expectations == [
        Expectation(arm: "sft", hearing: "audio", bound: .atLeast(0.6)),
        Expectation(arm: "sft", hearing: "silence", bound: .nearChance(within: 0.05)),
      ])
  }

  @Test func mistakesAreNamedWithTheirLine() {
    #expect(message(file(arms: "sft: {phases: [sft, dpo]}")).contains("e.yaml:8"))
    #expect(message(file(arms: "sft: {phases: [sft], sets: c}")).contains("which is not one or more of a"))
    #expect(message(file(arms: "base: {sets: a}")).contains("does not go with an arm without phases"))
    #expect(message(file(sets: "a: {train: t.jsonl, run: r}")).contains("sets.a.train"))
    #expect(message(file(sets: "a: {}")).contains("sets.a.pipeline"))
    #expect(message(file(sets: "a b: {run: r}")).contains("'name' is 'a b'"))
    #expect(message(file(rest: "evaluate: {hearings: [echo]}")).contains("evaluate.hearings"))
    #expect(message(file(rest: "expect: {dpo: {}}")).contains("expect.dpo"))
    #expect(message(file(rest: "evalute: {}")).contains("Did you mean 'evaluate'"))
  }

  @Test func anotherFolderOfAudioTakesThePlaceOfTheOnlyMadeSets() throws {
    let made = try read(file(sets: "a: {pipeline: p.yaml, audio: synth}"), audio: [SetAudio(folder: "/clips")])

    #expect(
      made.sets[0].source == .pipeline(file: folder + "/p.yaml", overrides: ["scan.audio='/clips'"]))
    #expect(throws: ExperimentError.notOneMadeSet(count: 0)) { try read(file(), audio: [SetAudio(folder: "/clips")]) }
  }

  @Test(arguments: ["quickstart-experiment", "experiment", "laptop"])
  func theFilesThatComeWithItAreRead(_ name: String) throws {
    let experiment = try Experiment(PipelineFile(path: Self.project + "/pipelines/\(name).yaml"))

    #expect(experiment.start == .nano)
    #expect(experiment.arms.first?.phases == [])
    for set in experiment.sets {
      guard case .pipeline(let file, let overrides) = set.source else { continue }
      _ = try PipelineFile(path: file, overrides: overrides)
    }
  }
}
