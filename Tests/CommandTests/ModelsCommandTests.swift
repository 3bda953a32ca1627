import Foundation
import Testing

/// The commands of local models, on a nano model.
@Suite struct ModelsCommandTests {
  /// A folder with the model `nano` and the clips `clips/*.wav`.
  private func workplace() async throws -> (place: Workplace, clips: [String]) {
    let place = try Workplace()
    #expect(try await Program.run(["models", "init", "nano", "nano"], in: place.path).status == 0)
    #expect(try await Program.run(["synth", "clips", "--clips", "3"], in: place.path).status == 0)
    let clips = try place.files("clips").keys.filter { $0.hasSuffix(".wav") }.sorted().map { "clips/" + $0 }
    return (place, clips)
  }

  private func objects(_ text: String) throws -> [[String: Any]] {
    try text.split(separator: "\n").map { line in
      try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    }
  }

  @Test func aModelIsShownQuantisedComparedAndThenNotComparedAgain() async throws {
    let (place, _) = try await workplace()

    let shown = try await Program.run(["models", "show", "nano", "--json"], in: place.path)
    let compared = try await Program.run(
      ["models", "compare", "nano", "--weights", "bfloat16,int4", "--tokens", "4", "--json"], in: place.path)
    let written = try await Program.run(["models", "quantize", "nano", "small", "--weights", "int4"], in: place.path)
    let refused = try await Program.run(["models", "compare", "small"], in: place.path)
    let again = try await Program.run(["models", "quantize", "small", "smaller"], in: place.path)

    #expect(shown.status == 0 && shown.out.contains("qwen2_audio"))
    let lines = try #require(
      try JSONSerialization.jsonObject(with: Data(compared.out.utf8)) as? [[String: Any]], "\(compared.err)")
    #expect(lines.map { $0["weights"] as? String } == ["bfloat16", "int4"])
    let divergences = lines.compactMap { $0["kl_mean"] as? Double }
    #expect(divergences.count == 2 && divergences[0] > 0 && divergences[0] < divergences[1])
    #expect(written.status == 0 && written.out.hasPrefix("small: "))
    #expect(refused.status == 65 && refused.out.isEmpty)
    #expect(refused.err.hasPrefix("small: the weights are quantized already."))
    #expect(again.status == 65)
  }

  @Test func eachFileGetsItsOwnCaptionAlsoBehindOneThatFails() async throws {
    let (place, clips) = try await workplace()
    let common = ["--model", "nano", "--max-tokens", "6", "--json"]

    let alone = try await Program.run(["caption", clips[2]] + common, in: place.path)
    let together = try await Program.run(
      ["caption", clips[0], "nowhere.wav", clips[1], clips[2], "--batch", "2"] + common, in: place.path)
    let missing = try await Program.run(["caption", "nowhere.wav"] + common, in: place.path)
    try "text".write(toFile: place.path + "/text.wav", atomically: true, encoding: .utf8)
    let mixed = try await Program.run(["caption", "nowhere.wav", "text.wav"] + common, in: place.path)

    let lines = try objects(together.out)
    #expect(lines.map { $0["file"] as? String } == [clips[0], clips[1], clips[2]])
    #expect(together.out.hasSuffix(alone.out) && alone.status == 0)
    #expect((lines[0]["tokens"] as? [Int])?.isEmpty == false)
    #expect(together.err.contains("1 of 4 files have no caption."))
    #expect(together.status == 66 && missing.status == 66 && mixed.status == 65)
  }

  @Test func aConversationGoesOnFromStandardInput() async throws {
    let (place, clips) = try await workplace()

    let once = try await Program.run(
      ["ask", "What is heard?", "--audio", clips[0], "--model", "nano", "--max-tokens", "5", "--json"], in: place.path)
    let answer = try #require(try objects(once.out).first)
    #expect(once.status == 0 && (answer["tokens"] as? [Int])?.isEmpty == false)
    #expect(Set(answer.keys) == ["answer", "tokens", "logprobs", "mean_logprob", "finish"])

    let chat = try await Program.shell(
      "printf '/audio %s What is heard?\\nWhy?\\n/reset\\n/audio %s What is heard?\\n' \(clips[0]) \(clips[0]) "
        + "| \"$EARSHOT\" ask --model nano --max-tokens 5 --json", in: place.path)
    let answers = chat.out.split(separator: "\n")
    #expect(answers.count == 3 && answers.first == answers.last)
    #expect(answers.first.map { $0 + "\n" } ?? "" == once.out)

    let bare = try await Program.shell("echo ' /audio ' | \"$EARSHOT\" ask --model nano", in: place.path)
    #expect(bare.status == 64 && bare.err.contains("/audio: a file is missing. Write '/audio FILE [question]'."))
  }

  @Test func completionsAreScoredAsText() async throws {
    let (place, clips) = try await workplace()

    let result = try await Program.run(
      [
        "score", "--model", "nano", "--audio", clips[0], "--prompt", "What is heard?", "--completion", "a dog",
        "--completion", "yes<|im_end|>", "--completion", "<|AUDIO|>", "--json",
      ], in: place.path)

    let scores = try #require(
      try JSONSerialization.jsonObject(with: Data(result.out.utf8)) as? [[String: Any]], "\(result.err)")
    #expect(scores.count == 3)
    for score in scores {
      let logprobs = try #require(score["logprobs"] as? [Double])
      let sum = try #require(score["sum"] as? Double)
      #expect((score["tokens"] as? [Int])?.count == logprobs.count)
      #expect(abs(logprobs.reduce(0, +) - sum) < 1e-3 && sum < 0)
    }
    #expect((scores[2]["tokens"] as? [Int])?.count ?? 0 > 1)
  }

  @Test(
    arguments: [
      ["ask", "x", "--model", "m", "--temperature=-1"], ["ask", "x", "--model", "m", "--top-p", "0"],
      ["caption", "x.wav", "--model", "m", "--min-p", "2"], ["caption", "x.wav", "--model", "m", "--top-k=-1"],
      ["caption", "x.wav", "--model", "m", "--repetition-penalty", "0"], ["models", "compare", "m", "--weights", ""],
      ["models", "quantize", "m", "n", "--weights", "float32"], ["score", "--model", "m", "--completion", "a"],
    ])
  func aSettingWithoutAMeaningIsAUsageErrorBeforeTheModelIsLookedFor(arguments: [String]) async throws {
    let place = try Workplace()

    let result = try await Program.run(arguments, in: place.path)

    #expect(result.status == 64 && result.out.isEmpty, "\(result.err)")
  }

  @Test func aRunCaptionsWithAModelOrSaysBeforeItStartsWhyItCannot() async throws {
    let (place, clips) = try await workplace()
    let run = [
      "run", Workplace.quickstart, "--audio", "clips", "--into", "run", "--until", "caption", "--threads", "1",
      "--set", "caption.with=qwen2-audio", "--set", "caption.qwen2-audio.model=\(place.path)/nano",
      "--set", "caption.qwen2-audio.prompt=\(Workplace.project)/prompts/caption-plain.md",
    ]

    let tooMany = try await Program.run(run + ["--set", "caption.qwen2-audio.max_tokens=4096"], in: place.path)
    let noMass = try await Program.run(run + ["--set", "caption.qwen2-audio.top_p=0"], in: place.path)
    let good = try await Program.run(run + ["--set", "caption.qwen2-audio.max_tokens=4"], in: place.path)

    #expect(tooMany.status == 65 && tooMany.err.contains("'caption.qwen2-audio.max_tokens' is '4096', which is not"))
    #expect(noMass.status == 65 && noMass.err.contains("'caption.qwen2-audio.top_p' is '0', which is not"))
    #expect(good.status == 0, "\(good.err)")
    #expect(good.err.contains("\(clips.count) clips captioned by qwen2-audio") && !good.err.contains("not captioned"))
  }
}
