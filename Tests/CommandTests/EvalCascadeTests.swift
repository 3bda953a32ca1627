import Foundation
import Testing

/// Evaluation with adapters, and with captions in place of sounds.
@Suite(.serialized) struct EvalCascadeTests {
  /// Six questions on three sounds.
  private func place() async throws -> Workplace {
    let work = try Workplace()
    _ = try await Program.run(["synth", "clips", "--clips", "3"], in: work.path)
    let sounds = try work.files("clips").keys.filter { $0.hasSuffix(".wav") }.sorted()
    let lines = (0..<6).map { number in
      """
      {"id": "q\(number)", "question": "Which?", "choices": ["bell", "dog", "rain"], "answer": "dog", \
      "audio": "clips/\(sounds[number % 3])", "duration": 0.5}
      """
    }
    try (lines.joined(separator: "\n") + "\n").write(
      toFile: work.path + "/set.jsonl", atomically: true, encoding: .utf8)
    return work
  }

  private let usual = [
    "eval", "--model", TrainPlace.model, "--data", "set.jsonl", "--threads", "1", "--max-tokens", "4",
  ]

  @Test func aCascadeAnswersFromCaptionsThatItKeeps() async throws {
    let work = try await place()
    let cascade = usual + ["--caption-model", TrainPlace.model, "--caption-tokens", "5", "--orders", "2"]

    let run = try await Program.run(cascade + ["--output", "out"], in: work.path)
    let plain = try await Program.run(usual + ["--orders", "2", "--output", "plain"], in: work.path)

    #expect(run.status == 0, "\(run.err)")
    let files = try work.files("out")
    let captions = String(decoding: try #require(files["audio/captions.jsonl"]), as: UTF8.self).split(separator: "\n")
    #expect(captions.count == 6)
    #expect(captions[0].hasPrefix(#"{"caption":"#) && captions[0].hasSuffix(#""id":"q0"}"#))
    let manifest = String(decoding: try #require(files["audio/manifest.json"]), as: UTF8.self)
    #expect(manifest.contains("\"caption-model\"") && manifest.contains("\"way\" : \"cascade\""))
    #expect(files["audio/answers.jsonl"] != (try work.files("plain"))["audio/answers.jsonl"])
    #expect(plain.status == 0)
  }

  @Test func keptCaptionsAreNotAskedForAgain() async throws {
    let work = try await place()
    let cascade = usual + ["--caption-model", TrainPlace.model, "--caption-tokens", "5", "--output", "out"]
    _ = try await Program.run(cascade, in: work.path)
    let before = try work.files("out/audio")
    // As a kill leaves it that came when sounds were described, and nothing was answered.
    for name in ["answers.jsonl", "scores.json", "scores.md", "scores.csv", "costs.json"] {
      try FileManager.default.removeItem(atPath: work.path + "/out/audio/" + name)
    }
    let told = #"{"caption":"a caption of our own","id":"q0"}"# + "\n"
    try told.write(toFile: work.path + "/out/audio/captions.jsonl", atomically: true, encoding: .utf8)

    let again = try await Program.run(cascade, in: work.path)

    #expect(again.status == 0, "\(again.err)")
    let after = try work.files("out/audio")
    let lines = { (files: [String: Data]) in
      String(decoding: files["captions.jsonl"] ?? Data(), as: UTF8.self).split(separator: "\n")
    }
    #expect(lines(after).first.map(String.init) == told.trimmingCharacters(in: .newlines))
    #expect(lines(after).dropFirst() == lines(before).dropFirst())
  }

  @Test func anAdapterIsPutToTheModelAndNamed() async throws {
    let work = try await place()
    let likely = usual + ["--way", "likelihood"]

    let bare = try await Program.run(likely + ["--output", "bare"], in: work.path)
    let adapted = try await Program.run(
      likely + ["--output", "adapted", "--adapter", Workplace.project + "/Tests/Fixtures/peft/qwen2-audio"],
      in: work.path)

    #expect(bare.status == 0 && adapted.status == 0, "\(adapted.err)")
    let revision = { (folder: String) in
      String(decoding: try work.files(folder)["audio/manifest.json"] ?? Data(), as: UTF8.self)
        .split(separator: "\n").first { $0.contains("\"revision\"") }
    }
    #expect(try revision("adapted")?.contains(" with ") == true)
    #expect(try revision("bare")?.contains(" with ") == false)
    #expect(try work.files("bare")["audio/answers.jsonl"] != work.files("adapted")["audio/answers.jsonl"])
  }
}
