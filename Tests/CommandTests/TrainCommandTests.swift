import Foundation
import Testing

/// The train command as a user meets it.
@Suite struct TrainCommandTests {
  /// A folder with `tiny.yaml` and a finished run of it, of one step a phase.
  private func trained(_ part: String = "") async throws -> TrainPlace {
    let place = try await TrainPlace()
    try place.writeFile("tiny", train: part)
    let result = try await Program.run(["train", "tiny.yaml", "--max-steps", "1"], in: place.path)
    #expect(result.status == 0, "\(result.err)")
    #expect(result.err.hasPrefix("Run folder: runs/tiny\nsft: 1 step, "))
    #expect(result.err.contains("\ngrpo: 1 step, "))
    #expect(result.out.hasPrefix("2 steps. "))
    return place
  }

  private func lastLine(_ text: String) -> String { text.split(separator: "\n").last.map(String.init) ?? "" }

  @Test func aRunThatIsThereOrNotThereIsTold() async throws {
    let place = try await trained()

    let again = try await Program.run(["train", "tiny.yaml"], in: place.path)
    let none = try await Program.run(["train", "tiny.yaml", "--resume", "--output", "none"], in: place.path)
    let changed = try await Program.run(
      ["train", "tiny.yaml", "--resume", "--set", "sft.learning_rate=1e-3"], in: place.path)
    let other = try await Program.run(["train", "tiny.yaml", "--resume", "--set", "data.limit=4"], in: place.path)

    #expect(again.status == 64 && again.out.isEmpty)
    #expect(lastLine(again.err).contains("runs/tiny: holds a training run already. Go on with it (--resume), or give"))
    #expect(none.status == 66)
    #expect(lastLine(none.err) == "none: holds no checkpoint to resume from. Leave --resume out.")
    #expect(!FileManager.default.fileExists(atPath: place.path + "/none"))
    #expect(changed.status == 65 && lastLine(changed.err).contains("the run had other settings. Resume with the same"))
    #expect(other.status == 65 && lastLine(other.err).contains("the run had other data. Resume with the same"))
  }

  @Test func whatIsMissingOrUnknownIsToldInASentence() async throws {
    let place = try await TrainPlace()
    try place.writeFile("tiny")
    try place.write("", to: "empty.jsonl")
    try place.write("{\"question\": \"Which?\", \"answer\": \"a\", \"audio\": \"gone.wav\"}\n", to: "gone.jsonl")
    let cases: [(set: [String], status: Int32, text: String)] = [
      (["--set", "train.model=nowhere"], 66, "nowhere"),
      (["--set", "data.train=nowhere.jsonl"], 66, "nowhere.jsonl: there is no such file."),
      (["--set", "data.train=empty.jsonl"], 65, "empty.jsonl:1: the file holds no rows."),
      (["--set", "data.train=gone.jsonl"], 66, "gone.wav: there is no such file."),
      (["--set", "data.prompt=nowhere.md"], 66, "nowhere.md: there is no such file."),
      (["--set", "sft.learning_rat=1"], 65, "unknown key 'learning_rat' in 'sft'. Did you mean 'learning_rate'?"),
      (["--set", "sft.batch=0"], 65, "'sft.batch' is '0', which is not"),
      (["--output", ""], 64, "--output names no folder."),
      (["--max-steps", "0"], 64, "--max-steps must be at least 1."),
      (["--resum"], 64, "Unknown option '--resum'. Did you mean '--resume'?"),
    ]

    for (arguments, status, text) in cases {
      let result = try await Program.run(["train", "tiny.yaml"] + arguments, in: place.path)

      #expect(result.status == status && result.out.isEmpty, "\(arguments): \(result.status) \(result.err)")
      #expect(result.err.contains(text), "\(arguments): \(result.err)")
      #expect(!result.err.contains("should not happen"))
    }
    #expect(try await Program.run(["train", "nowhere.yaml"], in: place.path).status == 66)
  }

  @Test func filesOfTheOtherKindAreSentToTheirCommand() async throws {
    let place = try await TrainPlace()
    try place.writeFile("tiny")

    let run = try await Program.run(["run", "tiny.yaml"], in: place.path)
    let train = try await Program.run(["train", Workplace.quickstart], in: place.path)

    #expect(run.status == 65 && run.err == "tiny.yaml: is a training file. Use 'earshot train tiny.yaml'.\n")
    #expect(train.status == 65 && train.err.hasSuffix("Use 'earshot run \(Workplace.quickstart)'.\n"))
    #expect(!FileManager.default.fileExists(atPath: place.path + "/runs"))
  }

  @Test func everyLineOfJSONParses() async throws {
    let place = try await TrainPlace()
    try place.writeFile("tiny")

    let result = try await Program.run(["train", "tiny.yaml", "--max-steps", "2", "--json"], in: place.path)
    let refused = try await Program.run(["train", "tiny.yaml", "--json"], in: place.path)

    let summary = try #require(
      try JSONSerialization.jsonObject(with: Data(result.out.utf8)) as? [String: Any], "\(result.err)")
    #expect(summary["steps"] as? Int == 4)
    #expect((summary["checkpoint"] as? String)?.hasSuffix("checkpoints/checkpoint-000004") == true)
    let lines = try result.err.split(separator: "\n").map { line in
      try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any], "\(line)")
    }
    #expect(lines.compactMap { $0["loss"] as? Double }.count == 4)
    #expect(lines.compactMap { $0["accuracy"] as? Double }.count == 4)
    #expect(lines.contains { $0["checkpoint"] != nil })
    let error = try #require(try JSONSerialization.jsonObject(with: Data(refused.err.utf8)) as? [String: Any])
    #expect(error["status"] as? Int == 64)
  }

  @Test func aCheckpointIsAModelLikeAnyOther() async throws {
    let place = try await trained()
    let sound = try #require(try place.work.files("clips").keys.filter { $0.hasSuffix(".wav") }.min())

    let shown = try await Program.run(["models", "show", "runs/tiny/model", "--json"], in: place.path)
    let asked = try await Program.run(
      ["ask", "Which?", "--audio", "clips/\(sound)", "--model", "runs/tiny/model", "--max-tokens", "3", "--json"],
      in: place.path)

    #expect(shown.status == 0 && shown.out.contains("qwen2_audio"), "\(shown.err)")
    #expect(asked.status == 0 && asked.out.contains("\"tokens\""), "\(asked.err)")
  }

  @Test func anAdapterIsMergedIntoAModel() async throws {
    let place = try await trained("lora: {rank: 4}")

    let help = try await Program.run(["models", "merge", "--help"], in: place.path)
    let merged = try await Program.run(
      ["models", "merge", TrainPlace.model, "runs/tiny/model", "--to", "merged", "--json"], in: place.path)
    let shown = try await Program.run(["models", "show", "merged"], in: place.path)
    let again = try await Program.run(
      ["models", "merge", TrainPlace.model, "runs/tiny/model", "--to", "merged"], in: place.path)
    let none = try await Program.run(["models", "merge", TrainPlace.model, "clips", "--to", "other"], in: place.path)

    #expect(help.status == 0 && help.out.contains("--unmerge"))
    let result = try JSONSerialization.jsonObject(with: Data(merged.out.utf8)) as? [String: Any]
    #expect(merged.status == 0 && result?["rank"] as? Int == 4, "\(merged.err)")
    #expect(shown.status == 0)
    #expect(again.status != 0 && again.err.contains("merged"))
    #expect(none.status == 65 && none.err.contains("clips"), "\(none.status) \(none.err)")
  }

  @Test func aReaderThatLeavesEndsNothing() async throws {
    let place = try await TrainPlace()
    try place.writeFile("tiny")
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", "'\(Program.path)' train tiny.yaml --max-steps 9 --json 2>&1 | head -n 1 > first.txt"]
    process.currentDirectoryURL = URL(fileURLWithPath: place.path)
    let status: Int32 = try await withCheckedThrowingContinuation { continuation in
      process.terminationHandler = { continuation.resume(returning: $0.terminationStatus) }
      do { try process.run() } catch { continuation.resume(throwing: error) }
    }

    #expect(status == 0)
    #expect(place.checkpoints("runs/tiny").last == "checkpoint-000018")
  }
}
