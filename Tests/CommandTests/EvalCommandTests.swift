import Foundation
import Testing

/// The eval command as a user meets it.
@Suite(.serialized) struct EvalCommandTests {
  /// Twelve questions on eight sounds, one of which is not there and one no sound.
  private func place(count: Int = 12) async throws -> Workplace {
    let work = try Workplace()
    _ = try await Program.run(["synth", "clips", "--clips", "8"], in: work.path)
    let sounds = try work.files("clips").keys.filter { $0.hasSuffix(".wav") }.sorted()
    var lines = (0..<count).map { number in
      """
      {"id": "q\(number)", "task": "choice", "question": "Which?", "choices": ["bell", "dog", "rain"], \
      "answer": "\(["bell", "dog", "rain"][number % 3])", "audio": "clips/\(sounds[number % 8])", "duration": 0.5, \
      "category": "\(number % 2 == 0 ? "even" : "odd")"}
      """
    }
    lines.append(lines[0].replacing("\"q0\"", with: "\"gone\"").replacing(sounds[0], with: "gone.wav"))
    lines.append(lines[0].replacing("\"q0\"", with: "\"text\"").replacing("clips/\(sounds[0])", with: "set.jsonl"))
    try (lines.joined(separator: "\n") + "\n").write(
      toFile: work.path + "/set.jsonl", atomically: true, encoding: .utf8)
    return work
  }

  private let usual = [
    "eval", "--model", TrainPlace.model, "--data", "set.jsonl", "--threads", "1", "--max-tokens", "4", "--output",
    "out",
  ]

  private func promised(_ work: Workplace, _ folder: String) throws -> [String: Data] {
    try work.files(folder).filter { !$0.key.hasSuffix("costs.json") }
  }

  @Test func severalHearingsBecomeAFolderEachAndATable() async throws {
    let work = try await place()

    let first = try await Program.run(usual + ["--hearing", "audio,silence,none", "--orders", "2"], in: work.path)
    let before = try work.files("out")
    let again = try await Program.run(usual + ["--hearing", "audio,silence,none", "--orders", "2"], in: work.path)

    #expect(first.status == 0, "\(first.err)")
    #expect(first.out.contains("set.jsonl, hearing: silence"))
    #expect(first.out.contains("\nrandom ") && first.out.contains("The same choice in all orders: "))
    #expect(first.out.contains("Not asked, and in no row: 2 items.\n  gone: "))
    #expect(first.out.contains("  text: ") && first.out.contains("not audio"))
    #expect(first.out.contains("category"))
    #expect(first.err.contains("audio: 2 items not asked"))
    #expect(!first.err.contains("none: "))
    #expect(again.status == 0 && again.out == first.out)
    #expect(again.err.contains("audio          up to date"))
    #expect(try work.files("out") == before)
  }

  @Test func theSameIsAskedTheSame() async throws {
    let work = try await place()

    for way in ["generate", "calibrated"] {
      let one = try await Program.run(usual + ["--way", way, "--output", "one-\(way)"], in: work.path)
      let other = try await Program.run(
        usual + ["--way", way, "--output", "two-\(way)", "--batch", "3"], in: work.path)

      #expect(one.status == 0 && other.status == 0, "\(one.err) \(other.err)")
      let (first, second) = (try promised(work, "one-\(way)"), try promised(work, "two-\(way)"))
      #expect(first.keys.sorted() == second.keys.sorted())
      for (name, bytes) in first { #expect(second[name] == bytes, "\(way) \(name)") }
    }
  }

  @Test func aRunThatIsKilledAgainAndAgainEndsAsOneLeftAlone() async throws {
    let work = try await place(count: 48)
    let whole = try await Program.run(usual + ["--orders", "3", "--output", "whole"], in: work.path)
    #expect(whole.status == 0, "\(whole.err)")
    let part = work.path + "/killed/audio/answers.part.jsonl"

    var kills = 0
    for wanted in [0, 1, 20, 60, 100] {
      let running = try RunningProgram(usual + ["--orders", "3", "--output", "killed", "--batch", "4"], in: work.path)
      let ended = Task { await running.ended() }
      while !FileManager.default.fileExists(atPath: work.path + "/killed/audio/answers.jsonl"),
        Self.lines(part) < wanted
      { await Task.yield() }
      running.kill()
      if await ended.value == -SIGKILL { kills += 1 }
    }
    let last = try await Program.run(usual + ["--orders", "3", "--output", "killed"], in: work.path)

    #expect(kills >= 3, "\(kills)")
    #expect(last.status == 0, "\(last.err)")
    let (one, other) = (try promised(work, "whole"), try promised(work, "killed"))
    #expect(one.keys.sorted() == other.keys.sorted())
    for (name, bytes) in one { #expect(other[name] == bytes, "\(name)") }
  }

  private static func lines(_ path: String) -> Int {
    (FileManager.default.contents(atPath: path) ?? Data()).count { $0 == UInt8(ascii: "\n") }
  }

  @Test func whatIsWrongIsToldInASentence() async throws {
    let work = try await place(count: 2)
    _ = try await Program.run(usual + ["--limit", "2"], in: work.path)
    let text = Workplace.project + "/Tests/Fixtures/models/qwen2-tied"
    let cases: [(arguments: [String], status: Int32, text: String)] = [
      (["--data", "nowhere.jsonl"], 66, "nowhere.jsonl: there is no such file."),
      (["--model", "nowhere"], 66, "nowhere"),
      (["--prompt", "nowhere.md"], 66, "nowhere.md: there is no such file."),
      (["--hearing", "echo"], 64, "'echo' is none of audio, silence, noise, swap, none, captions."),
      (["--captions", "gone.jsonl"], 66, "gone.jsonl: there is no such file."),
      (["--way", "calibrated", "--hearing", "none"], 65, "there is nothing to compare with"),
      (["--model", text, "--output", "text"], 65, "the model has no audio tower"),
      (["--limit", "1"], 64, "holds a result of other settings: asked items 2 -> 1. Give another --output"),
      (["--task", "singing"], 65, "set.jsonl: no item is of the task 'singing'. There are: choice, even, odd."),
      (["--orders", "0"], 64, "--orders must be between 1 and 1000."),
    ]

    for (arguments, status, text) in cases {
      let result = try await Program.run(usual + arguments, in: work.path)

      #expect(result.status == status && result.out.isEmpty, "\(arguments): \(result.status) \(result.err)")
      #expect(result.err.contains(text), "\(arguments): \(result.err)")
    }
  }

  @Test func scoresComeAsJSON() async throws {
    let work = try await place()

    let result = try await Program.run(usual + ["--json", "--missing", "wrong"], in: work.path)

    #expect(result.status == 0, "\(result.err)")
    let parsed = try JSONSerialization.jsonObject(with: Data(result.out.utf8)) as? [[String: Any]]
    let first = try #require(parsed?.first)
    #expect(first["items"] as? Int == 14 && first["unasked"] as? Int == 2)
    let scores = try #require(first["scores"] as? [[String: Any]])
    let whole = scores.filter { $0["attribute"] == nil }
    #expect(whole.compactMap { $0["name"] as? String }.prefix(6).contains("always first"))
    #expect(whole.allSatisfy { $0["items"] as? Int == 14 })
  }

  @Test func theRuleThatIsNamedComesFirstAndChangesNoFile() async throws {
    let work = try await place(count: 3)

    let usualFirst = try await Program.run(usual, in: work.path)
    let before = try work.files("out")
    let letterFirst = try await Program.run(usual + ["--rule", "letter"], in: work.path)

    #expect(usualFirst.out.contains("  n ") && letterFirst.status == 0, "\(letterFirst.err)")
    let header = letterFirst.out.split(separator: "\n").dropFirst().first ?? ""
    #expect(header.split(separator: " ").prefix(2) == ["n", "letter"], "\(header)")
    #expect(try work.files("out") == before)
  }

  @Test func comparingAHearingWithAnotherNamesIt() async throws {
    let work = try await place(count: 6)
    _ = try await Program.run(usual + ["--hearing", "audio,silence"], in: work.path)

    let result = try await Program.run(["compare", "out/audio", "out/silence"], in: work.path)

    #expect(result.status == 0, "\(result.err)")
    #expect(result.out.contains("hearing  audio  silence"))
    #expect(!result.err.contains("Not asked alike"))
  }

  private let remote = [
    "eval", "--endpoint", "builtin", "--model", "any", "--data", "set.jsonl", "--requests", "2", "--output",
  ]

  @Test func anEndpointAnswersInPlaceOfAModelAndIsAskedOnce() async throws {
    let work = try await place(count: 40)
    let endpoint = try await StandIn(in: work, log: "requests.log", latency: 0.05)
    let words = [
      "eval", "--endpoint", endpoint.baseURL, "--model", "any", "--data", "set.jsonl", "--requests", "2", "--output",
    ]
    let whole = try await Program.run(words + ["whole"], in: work.path)
    #expect(whole.status == 0, "\(whole.err)")
    let billed = try endpoint.billed()

    var kills = 0
    for wanted in [1, 8, 20] {
      let running = try RunningProgram(words + ["killed"], in: work.path)
      let ended = Task { await running.ended() }
      while !FileManager.default.fileExists(atPath: work.path + "/killed/audio/answers.jsonl"),
        Self.lines(work.path + "/killed/audio/answers.part.jsonl") < wanted
      { await Task.yield() }
      running.kill()
      if await ended.value == -SIGKILL { kills += 1 }
    }
    let last = try await Program.run(words + ["killed"], in: work.path)

    #expect(kills == 3 && last.status == 0, "\(kills) \(last.err)")
    let (one, other) = (try promised(work, "whole"), try promised(work, "killed"))
    #expect(one.keys.sorted() == other.keys.sorted())
    for (name, bytes) in one { #expect(other[name] == bytes, "\(name)") }
    // What was on the wire when it was killed is all that is paid twice.
    #expect(try endpoint.billed() <= 2 * billed + 2 * kills)
    let costs = try JSONSerialization.jsonObject(with: try #require(try work.files("killed")["audio/costs.json"]))
    #expect((costs as? [String: Any])?["requests"] as? Int == 40)
  }

  @Test func theStandInIsStartedAndStoppedWithTheCommand() async throws {
    let work = try await place(count: 4)

    let first = try await Program.run(remote + ["out"], in: work.path)
    let again = try await Program.run(remote + ["out"], in: work.path)

    #expect(first.status == 0 && again.status == 0, "\(first.err) \(again.err)")
    #expect(again.err.contains("up to date") && again.out == first.out)
    let manifest = try #require(try work.files("out")["audio/manifest.json"])
    #expect(String(decoding: manifest, as: UTF8.self).contains("\"endpoint\" : \"builtin/"))
  }

  @Test func whatAnEndpointCannotDoIsRefused() async throws {
    let work = try await place(count: 2)
    let cases: [(arguments: [String], status: Int32, text: String)] = [
      (["--way", "likelihood"], 64, "--way likelihood is for local models."),
      (["--weights", "int8"], 64, "--weights is for local models."),
      (["--top-k", "5"], 64, "--top-k is for local models."),
      (["--key", "sk-0123"], 64, "--key takes the name of an environment variable, not a key."),
      (["--endpoint", "http://127.0.0.1:9/v1", "--key", "EARSHOT_NO_SUCH_KEY"], 77, "EARSHOT_NO_SUCH_KEY is not set."),
      (["--judge", "builtin"], 64, "Give --judge and --judge-model together."),
      (["--endpoint", "nowhere"], 65, "not an http or https URL"),
    ]

    for (arguments, status, text) in cases {
      let result = try await Program.run(remote + ["out"] + arguments, in: work.path)

      #expect(result.status == status && result.out.isEmpty, "\(arguments): \(result.status) \(result.err)")
      #expect(result.err.contains(text), "\(arguments): \(result.err)")
    }
  }

  @Test func withheldAnswersGiveASubmission() async throws {
    let work = try await place(count: 4)
    let path = work.path + "/set.jsonl"
    let text = try String(contentsOfFile: path, encoding: .utf8)
    let withheld = text.replacing(/"answer": "[a-z]+"/, with: "\"answer\": \"\"")
    try withheld.write(toFile: path, atomically: true, encoding: .utf8)

    let result = try await Program.run(usual, in: work.path)

    #expect(result.status == 0, "\(result.err)")
    #expect(result.out.contains("No item has an answer that can be scored."))
    #expect(result.err.contains("out/audio/submission.json: to submit"))
    let data = try #require(try work.files("out")["audio/submission.json"])
    let rows = try #require(try JSONSerialization.jsonObject(with: data) as? [[String: Any]])
    #expect(rows.count == 6 && rows.allSatisfy { $0["model_output"] is String })
    #expect(rows.allSatisfy { $0["model_output"] as? String == $0["model_prediction"] as? String })
  }
}
