import Foundation
import Testing

/// A training run that is killed at any moment goes on with `--resume`, and ends as one that was left alone.
@Suite(.serialized) struct TrainKillTests {
  @Test(arguments: ["", "lora: {rank: 4, dropout: 0.1}, also_trained: [multi_modal_projector.*]"])
  func aRunKilledTenTimesEndsAsOneLeftAlone(part: String) async throws {
    let place = try await TrainPlace()
    try place.writeFile("tiny", train: part, sft: 160, grpo: 160)
    let whole = try await Program.run(["train", "tiny.yaml", "--output", "whole"], in: place.path)
    #expect(whole.status == 0, "\(whole.err)")

    var random = SystemRandomNumberGenerator()
    var kills = 0
    var tries = 0
    while kills < 10, tries < 60 {
      tries += 1
      let resume = place.checkpoints("killed").isEmpty ? [] : ["--resume"]
      let running = try RunningProgram(
        ["train", "tiny.yaml", "--output", "killed", "--json"] + resume, in: place.path)
      // Some while the run begins, most some way behind its first or second checkpoint.
      let wanted = tries % 4 == 1 ? 0 : 1 + tries % 2
      let came = await running.err.waits { $0.split(separator: "\n").count { $0.contains("\"checkpoint\"") } >= wanted }
      // Not to wait for something: the random moment itself.
      try await Task.sleep(for: .milliseconds(Int.random(in: 0...(wanted == 0 ? 300 : 30), using: &random)))
      running.kill()
      if await running.ended() == -SIGKILL, came { kills += 1 }
    }
    let resume = place.checkpoints("killed").isEmpty ? [] : ["--resume"]
    let last = try await Program.run(["train", "tiny.yaml", "--output", "killed"] + resume, in: place.path)
    #expect(last.status == 0, "\(last.err)")

    #expect(kills == 10)
    let (one, other) = (try place.outcome("whole"), try place.outcome("killed"))
    #expect(one.keys.sorted() == other.keys.sorted())
    for (name, bytes) in one { #expect(other[name] == bytes, "\(name)") }
    #expect(one["completions.jsonl"]?.isEmpty == false)
    let left = try place.work.files("killed").keys.filter { $0.contains(".partial") || $0.contains(".replaced") }
    #expect(left.isEmpty, "\(left)")
  }

  @Test func controlCEndsWithAWholeCheckpointAndSaysHowToGoOn() async throws {
    let place = try await TrainPlace()
    try place.writeFile("long", sft: 100_000)
    let running = try RunningProgram(["train", "long.yaml", "--json"], in: place.path)
    #expect(await running.err.waits { $0.contains("\"loss\"") })

    running.kill(SIGINT)

    #expect(await running.ended() == 130)
    let end = try #require(running.err.text.split(separator: "\n").last)
    #expect(end.contains("Stopped; what is done is kept. To go on: "), "\(end)")
    #expect(end.contains("train long.yaml --json --resume"))
    #expect(!place.checkpoints("runs/long").isEmpty)
    let shown = try await Program.run(["models", "show", "runs/long/model"], in: place.path)
    #expect(shown.status == 0)
    let resumed = try await Program.run(
      ["train", "long.yaml", "--resume", "--max-steps", "1", "--set", "grpo.steps=2"], in: place.path)
    #expect(resumed.status == 0, "\(resumed.err)")
  }

  @Test func aFileThatCannotGrowEndsTheRunAndLeavesTheLastCheckpoint() async throws {
    let place = try await TrainPlace()
    try place.writeFile("tiny", sft: 3, grpo: 8)
    let first = try await Program.run(["train", "tiny.yaml", "--max-steps", "3"], in: place.path)
    #expect(first.status == 0, "\(first.err)")
    let kept = place.checkpoints("runs/tiny")

    // In blocks of 512 bytes; the weights need more.
    let limited = try await Program.shell(
      "trap '' XFSZ; ulimit -f 200; exec \"$EARSHOT\" train tiny.yaml --resume --max-steps 9", in: place.path)

    #expect(limited.status == 74, "\(limited.err)")
    #expect(limited.err.contains("not written: "), "\(limited.err)")
    #expect(place.checkpoints("runs/tiny") == kept)
    let files = try place.work.files("runs/tiny/checkpoints").keys
    #expect(!files.contains { $0.contains(".partial") })
    let resumed = try await Program.run(["train", "tiny.yaml", "--resume", "--max-steps", "9"], in: place.path)
    #expect(resumed.status == 0, "\(resumed.err)")
  }
}
