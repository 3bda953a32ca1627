import Foundation
import Models
import Testing

@testable import Training

/// A run that stops and goes on is, bit for bit, the run that was left alone.
@Suite(.serialized) struct ResumeTests {
  /// Runs `settings` and copies the run's folder, as a kill would leave it, at events of every tenth part.
  private func copies(_ place: RunPlace, _ settings: TrainingSettings) throws -> [String] {
    var total = 0
    _ = try place.run(settings, in: "whole") { _ in total += 1 }
    var copies: [String] = []
    var event = 0
    _ = try place.run(settings, in: "again") { _ in
      event += 1
      // Not the first: every event has its turn as the sets change.
      guard event * 10 / total > copies.count else { return }
      let name = "killed-\(copies.count)"
      try? FileManager.default.copyItem(atPath: place.folder("again").path, toPath: place.folder(name).path)
      copies.append(name)
    }
    return copies
  }

  private func expectSameEnd(_ place: RunPlace, _ settings: TrainingSettings) throws {
    let killed = try copies(place, settings)
    let whole = try place.outcome("whole")
    #expect(try place.outcome("again") == whole)
    #expect(killed.count == 10)
    for name in killed {
      let resumes = try CheckpointStore.latest(in: place.folder(name).checkpoints) != nil
      _ = try place.run(settings, in: name, resuming: resumes)
      let found = try place.outcome(name)
      for (file, bytes) in whole { #expect(found[file] == bytes, "\(file) of \(name)") }
      #expect(found.count == whole.count)
    }
  }

  @Test func aKilledRunOfAllMethodsEndsAsOneLeftAlone() throws {
    let place = try RunPlace()

    try expectSameEnd(place, .tiny(place, .sft(), try .grpo(), try .dpo()))

    let lines = try place.metrics("whole")
    #expect(lines.contains { ($0["reward_std"] as? Double ?? 0) > 0 }, "nothing was learnt from rewards")
    #expect(lines.contains { ($0["kl"] as? Double ?? 0) > 0 })
    #expect(lines.contains { $0["rewards/margins"] != nil })
    #expect(try place.outcome("whole")["completions"]?.isEmpty == false)
  }

  @Test func aKilledRunOfAdaptersEndsAsOneLeftAlone() throws {
    let place = try RunPlace()

    try expectSameEnd(place, .tiny(place, part: .tinyAdapters, .sft(), try .grpo(steps: 6), try .dpo()))

    #expect(try place.outcome("whole").keys.contains { $0.hasSuffix("/adapter_model.safetensors") })
    // The tower is frozen, though its projection learns.
    #expect(try !FileManager.default.contentsOfDirectory(atPath: place.folder("whole").features).isEmpty)
  }

  @Test func aRunThatIsAskedToStopLeavesACheckpointAtEveryStep() throws {
    let place = try RunPlace()
    let settings = TrainingSettings.tiny(place, .sft(steps: 3), try .grpo(steps: 4))
    _ = try place.run(settings, in: "whole")

    var stops = 0
    var isDone = false
    while !isDone, stops < 20 {
      do {
        _ = try place.run(settings, in: "stopped", resuming: stops > 0, stopping: true)
        isDone = true
      } catch TrainingError.interrupted(let checkpoint) {
        stops += 1
        #expect(try SavedCheckpoint(folder: checkpoint).step > 0)
      }
    }

    // After each step of the first phase, and wherever completions are used up; the second phase's end is one, as its
    // answers to the dev part are still owed.
    #expect(stops == 5)
    let (whole, stopped) = (try place.outcome("whole"), try place.outcome("stopped"))
    for file in ["7/model.safetensors", "7/optimizer.safetensors", "metrics", "completions"] {
      #expect(stopped[file] == whole[file], "\(file)")
      #expect(whole[file] != nil)
    }
  }

  @Test func aRunGoesOnPastItsEndWhereItsStepsAreRaised() throws {
    let place = try RunPlace()
    let long = TrainingSettings.tiny(place, .sft(steps: 2), try .grpo(steps: 5))

    let first = try place.run(long.limited(toSteps: 1), in: "run")
    let second = try place.run(long, in: "run", resuming: true)
    let third = try place.run(long, in: "run", resuming: true)

    #expect(first.steps == 2)
    // The first phase was left at its end.
    #expect(second.steps == 6)
    #expect(third == second)
  }

  @Test func onlyTheSameRunGoesOn() throws {
    let place = try RunPlace()
    let settings = TrainingSettings.tiny(place, .sft(steps: 2))
    _ = try place.run(settings, in: "run")
    let state = place.folder("run").checkpoints + "/checkpoint-000002/trainer_state.json"

    #expect(throws: TrainingError.outputExists(place.folder("run").path)) { try place.run(settings, in: "run") }
    #expect(throws: TrainingError.nothingToResume(place.folder("other").path)) {
      try place.run(settings, in: "other", resuming: true)
    }
    let faster = TrainingSettings.tiny(place, .sft(steps: 2, rate: 1e-3))
    #expect(throws: TrainerFileError.otherRun(file: state, .settings)) {
      try place.run(faster, in: "run", resuming: true)
    }
    var other = settings
    other.model = place.path + "/model"
    try FileManager.default.copyItem(atPath: place.folder("run").model, toPath: other.model)
    let copy = try FileManager.default.destinationOfSymbolicLink(atPath: other.model)
    try FileManager.default.removeItem(atPath: other.model)
    try FileManager.default.copyItem(atPath: "\(place.folder("run").path)/\(copy)", toPath: other.model)
    #expect(throws: TrainerFileError.otherRun(file: state, .model)) { try place.run(other, in: "run", resuming: true) }
    let rows = place.path + "/train.jsonl"
    let text = try String(contentsOfFile: rows, encoding: .utf8).replacing("Which?", with: "Which one?")
    try text.write(toFile: rows, atomically: true, encoding: .utf8)
    #expect(throws: TrainerFileError.otherRun(file: state, .data)) {
      try place.run(settings, in: "run", resuming: true)
    }
  }

  @Test func oneProgramAtATimeTrainsInAFolder() throws {
    let place = try RunPlace()
    let settings = TrainingSettings.tiny(place, .sft(steps: 2))
    var refusals = 0

    _ = try place.run(settings, in: "run") { event in
      guard case .progress = event else { return }
      do {
        _ = try place.run(settings, in: "run", resuming: true)
      } catch TrainerFileError.locked {
        refusals += 1
      } catch {}
    }

    #expect(refusals == 2)
  }
}
