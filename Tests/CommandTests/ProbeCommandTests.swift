import Foundation
import Store
import Testing
import Web

@Suite struct ProbeCommandTests {
  private struct Report: Decodable {
    struct Finding: Decodable {
      var trait: String
      var found: String
      var evidence: String
      var advice: String
    }

    var endpoint: String
    var model: String
    var requests: Int
    var known: String?
    var findings: [Finding]
  }

  private static let key = "sk-not-to-be-seen-0123456789"

  private func probe(_ arguments: [String], in place: Workplace) async throws -> Program.Output {
    try await Program.run(
      ["probe"] + arguments, in: place.path,
      environment: ["XDG_CACHE_HOME": place.path + "/cache", "PROBE_KEY": Self.key])
  }

  @Test func theStandInIsProbedAndNotRemembered() async throws {
    let place = try Workplace()

    let result = try await probe(["builtin"], in: place)

    #expect(result.status == 0 && result.err.isEmpty)
    #expect(result.out.hasPrefix("builtin/"))
    for trait in ["json_schema", "json_object", "text in", "audio", "seed", "log-probabilities"] {
      #expect(result.out.contains("\n\(trait) "))
    }
    #expect(!FileManager.default.fileExists(atPath: place.path + "/cache"))
  }

  @Test func whatWasFoundIsKeptUntilItIsAskedAgain() async throws {
    let place = try Workplace()
    let server = try await StandInServer.start()
    let words = [server.baseURL, "--model", "stand-in", "--key", "PROBE_KEY", "--no-audio"]

    let first = try await probe(words + ["--json"], in: place)
    let asked = await server.statistics.requests
    let second = try await probe(words + ["--json"], in: place)
    let third = try await probe(words, in: place)
    #expect(await server.statistics.requests == asked)
    let again = try await probe(words + ["--again"], in: place)
    #expect(await server.statistics.requests > asked)
    await server.stop()

    let (new, old) = (try report(first), try report(second))
    #expect(new.known == nil && old.known != nil && new.requests == asked && asked <= 8)
    #expect(new.findings.map(\.found) == old.findings.map(\.found))
    #expect(new.findings.allSatisfy { !$0.evidence.isEmpty && !$0.advice.isEmpty })
    #expect(third.out.contains("; --again asks anew") && again.out.contains("found with "))
    let files = try place.files("cache/earshot/endpoints")
    #expect(files.count == 1)
    for text in files.values.map({ String(decoding: $0, as: UTF8.self) }) + [first.out, first.err, third.out] {
      #expect(!text.contains(Self.key))
    }
  }

  private func report(_ output: Program.Output) throws -> Report {
    try JSONDecoder().decode(Report.self, from: Data(output.out.utf8))
  }

  @Test func aRunFindsOutFirstHowTheEndpointWantsToBeAsked() async throws {
    let place = try Workplace()
    let standIn = try RunningProgram(
      ["stand-in", "--port", "0", "--json-schema", "ignored", "--audio", "ignored", "--log", "asked.log"],
      in: place.path)
    defer { standIn.kill() }
    #expect(await standIn.out.waits { $0.contains("\n") })
    let endpoint = standIn.out.text.trimmingCharacters(in: .newlines)
    let words = ["run", "\(Workplace.quickstart)", "--set", "scan.demo_clips=4", "--set", "write.endpoint=\(endpoint)"]

    let first = try await Program.run(words + ["--into", "one"], in: place.path)
    let second = try await Program.run(words + ["--into", "two"], in: place.path)
    let hearing = [
      "--set", "write.inputs=[audio]", "--set", "write.prompt=\(Workplace.project)/prompts/heard-questions.md",
      "--into", "three",
    ]
    let deaf = try await Program.run(words + hearing, in: place.path)
    let capped = try await Program.run(
      words + ["--into", "four", "--set", "write.model=another", "--max-requests", "3"], in: place.path)

    #expect(first.status == 0 && first.err.contains("json_schema ignored"), "\(first.err)")
    #expect(second.status == 0 && !second.err.contains("json_schema ignored"))
    #expect(deaf.status == 69 && deaf.err.contains("sounds do not reach stand-in"))
    #expect(capped.status == 69 && capped.err.contains("--max-requests 3"))
    let store = try RunStore(reading: place.path + "/four/run.sqlite")
    #expect(try store.spending().requests == 3)
  }

  @Test func wrongUseAndAbsentServersSayWhy() async throws {
    let place = try Workplace()

    let nameless = try await probe(["http://127.0.0.1:1/v1"], in: place)
    let secret = try await probe(["http://127.0.0.1:1/v1", "--model", "m", "--key", Self.key], in: place)
    let keyless = try await probe(["https://host.invalid/v1", "--model", "m", "--key", "NO_SUCH_KEY"], in: place)
    let absent = try await probe(["http://127.0.0.1:1/v1", "--model", "m", "--key", "none"], in: place)

    #expect(nameless.status == 64 && nameless.err.contains("--model"))
    #expect(secret.status == 64 && !secret.err.contains(Self.key))
    #expect(keyless.status == 77 && keyless.err.contains("NO_SUCH_KEY"))
    #expect(absent.status == 69)
  }
}
