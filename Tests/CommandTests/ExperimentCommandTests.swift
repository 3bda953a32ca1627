import Foundation
import Testing

/// The experiment command as a user meets it.
@Suite(.serialized) struct ExperimentCommandTests {
  private func place(expect: String = "") async throws -> TrainPlace {
    let place = try await TrainPlace()
    try place.write(
      """
      name: e
      sets:
        a: {train: train.jsonl, test: dev.jsonl}
      train: {model: \(TrainPlace.model), threads: 1}
      data: {prompt: \(Workplace.project)/prompts/ask-omni-r1.md}
      sft: {learning_rate: 1e-2, batch: 4, steps: 4, save_every: 0, evaluate_every: 0}
      grpo:
        {rewards: [accuracy], generations: 4, max_tokens: 4, batch: 2, steps: 2, save_every: 0, evaluate_every: 0,
        stop: {without_signal: off, flat_reward_steps: off}}
      arms:
        base: {}
        sft: {phases: [sft]}
        grpo: {phases: [sft, grpo]}
      evaluate: {hearings: [audio, silence], way: likelihood}
      \(expect)

      """, to: "e.yaml")
    return place
  }

  @Test func oneCommandGoesFromAFileToATableAndAPage() async throws {
    let place = try await place()

    let run = try await Program.run(["experiment", "e.yaml", "--into", "out"], in: place.path)

    #expect(run.status == 0, "\(run.err)")
    for text in ["Arm", "base", "sft", "grpo", "at random", "grpo against sft", "out/report/report.html"] {
      #expect(run.out.contains(text), "\(text)")
    }
    let files = try place.work.files("out/report").keys
    #expect(files.contains("report.html") && files.contains("scores.csv") && files.contains("scores.md"))
  }

  @Test func givenAgainItDoesNothingAndSaysSo() async throws {
    let place = try await place()
    _ = try await Program.run(["experiment", "e.yaml"], in: place.path)
    let before = try place.work.files("runs/e")

    let again = try await Program.run(["experiment", "e.yaml"], in: place.path)

    #expect(again.out.contains("Nothing to do"))
    let after = try place.work.files("runs/e")
    #expect(after.keys.sorted() == before.keys.sorted())
    for (name, data) in before where !name.hasSuffix("costs.json") { #expect(after[name] == data, "\(name)") }
  }

  @Test func whatDoesNotComeTrueIsAnExitStatus() async throws {
    let place = try await place(expect: "expect:\n  sft:\n    audio: {at_least: 100}")

    let run = try await Program.run(["experiment", "e.yaml", "--json"], in: place.path)

    #expect(run.status == 1)
    let result = try #require(
      try JSONSerialization.jsonObject(with: Data(run.out.utf8)) as? [String: Any])
    let expected = try #require(result["expected"] as? [[String: Any]])
    #expect(expected.first?["met"] as? Bool == false)
  }

  @Test func soundsThatAreBothLearnedFromAndAskedAboutAreRefused() async throws {
    let place = try await place()

    let run = try await Program.run(["experiment", "e.yaml", "--set", "sets.a.test=train.jsonl"], in: place.path)

    #expect(run.status == 65)
    #expect(run.err.contains("the training 'sft' has it, and it is asked about in the evaluation, as 4 are."))
  }

  @Test func mistakesAreOneLineWithAStatus() async throws {
    let place = try await place()
    try place.write("name: t\nsft: {}\n", to: "t.yaml")

    let missing = try await Program.run(["experiment", "none.yaml"], in: place.path)
    let other = try await Program.run(["experiment", "t.yaml"], in: place.path)
    let audio = try await Program.run(["experiment", "e.yaml", "--audio", "clips"], in: place.path)

    let run = try await Program.run(["run", "e.yaml"], in: place.path)
    let train = try await Program.run(["train", "e.yaml"], in: place.path)

    for error in [run, train] {
      #expect(
        error.status == 65 && error.err.contains("is an experiment file. Run it with 'earshot experiment e.yaml'"))
    }
    #expect(missing.status == 66)
    #expect(other.status == 65)
    #expect(audio.status == 64 && audio.err.contains("the file has no set that a pipeline makes"))
  }
}
