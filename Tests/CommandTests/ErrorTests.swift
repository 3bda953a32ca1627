import Foundation
import Testing

/// A user's mistakes and a machine's troubles: one clear line each, and a status that scripts can tell apart.
@Suite struct ErrorTests {
  @Test func aMissingAudioFolderIsMissingInput() async throws {
    let place = try Workplace()

    let result = try await Program.run(["run", Workplace.quickstart, "--audio", "nowhere"], in: place.path)

    #expect(result.status == 66)
    #expect(
      lastLine(result.err).hasSuffix(
        "nowhere: there is no such folder. Give the folder that holds the audio with --audio, or as scan.audio."))
  }

  @Test func aMissingPipelineFileIsMissingInput() async throws {
    let place = try Workplace()

    let result = try await Program.run(["run", "none.yaml"], in: place.path)

    #expect(result.status == 66)
    #expect(result.err == "none.yaml: there is no such file. Check the path.\n")
  }

  @Test func anUnknownKeyOnTheCommandLineIsNamedWithTheNearestRightOne() async throws {
    let place = try Workplace()

    let result = try await Program.run(["run", Workplace.quickstart, "--set", "write.modle=x"], in: place.path)

    #expect(result.status == 65)
    #expect(result.err == "--set write.modle=x: unknown key 'modle' in 'write'. Did you mean 'model'?\n")
  }

  @Test func anUnknownFlagIsAUsageError() async throws {
    let place = try Workplace()

    let result = try await Program.run(["run", Workplace.quickstart, "--lmit", "3"], in: place.path)

    #expect(result.status == 64)
    #expect(result.err.contains("Unknown option '--lmit'. Did you mean '--limit'?"))
  }

  @Test func anUnsetKeyIsToldBeforeAnyRequest() async throws {
    let place = try Workplace()

    let result = try await Program.run(
      small + ["--set", "write.endpoint=https://example.invalid/v1"], in: place.path)

    #expect(result.status == 77)
    #expect(
      lastLine(result.err)
        == "https://example.invalid/v1: needs a key, and OPENAI_API_KEY is not set. Set it, or name another variable as write.key."
    )
  }

  @Test func aRefusedConnectionEndsTheRunWithItsAddress() async throws {
    let place = try Workplace()

    let result = try await Program.run(
      small + ["--set", "write.endpoint=http://127.0.0.1:9/v1"], in: place.path)

    #expect(result.status == 69)
    #expect(
      lastLine(result.err)
        == "http://127.0.0.1:9/v1: out of reach after 2 attempts: 127.0.0.1:9: no connection. Check that a server listens there."
    )
  }

  @Test func aBrokenManifestIsBadData() async throws {
    let place = try Workplace()
    _ = try await Program.run(["synth", "clips", "--clips", "2"], in: place.path)
    let manifests = ["a,b\n1,2\n", "file,label\n\"x.wav,bell\n", "", "file,file\nx.wav,y.wav\n"]

    for text in manifests {
      try text.write(toFile: place.path + "/m.csv", atomically: true, encoding: .utf8)
      let result = try await Program.run(
        ["run", Workplace.quickstart, "--audio", "clips", "--set", "scan.manifest=m.csv"], in: place.path)

      #expect(result.status == 65)
      #expect(lastLine(result.err).hasPrefix("m.csv"))
    }
  }

  @Test func aBusyPortIsAnEndpointThatCannotBe() async throws {
    let place = try Workplace()
    let first = try RunningProgram(["stand-in", "--port", "0"], in: place.path)
    defer { first.kill() }
    #expect(await first.out.waits { $0.contains("\n") })
    let port = try #require(URL(string: first.out.text.trimmingCharacters(in: .newlines))?.port)

    let second = try await Program.run(["stand-in", "--port", "\(port)"], in: place.path)

    #expect(second.status == 69)
    #expect(second.err.hasPrefix("127.0.0.1:\(port): the port cannot be listened on"))
  }

  @Test func aStageThatIsNoneLeavesNoFolder() async throws {
    let place = try Workplace()

    let result = try await Program.run(small + ["--until", "chekc", "--into", "run", "--json"], in: place.path)

    #expect(
      result.err == "{\"error\":\"'chekc': no such stage in this pipeline. Did you mean 'check'?\",\"status\":65}\n")
    #expect(!FileManager.default.fileExists(atPath: place.path + "/run"))
  }

  @Test func aFolderCalledSynthIsNotTheDemoSet() async throws {
    let place = try Workplace()

    let result = try await Program.run(["run", Workplace.quickstart, "--audio", "synth"], in: place.path)

    #expect(result.status == 66)
    #expect(lastLine(result.err).contains("/synth: there is no such folder."))
  }

  @Test(arguments: ["write.key=skabc123", "write.api_key=skabc123", "key=skabc123", "write.key:skabc123"])
  func aSecretOnTheCommandLineIsNotRepeated(override: String) async throws {
    let place = try Workplace()

    let result = try await Program.run(
      small + ["--set", "write.endpoint=https://example.invalid/v1", "--set", override], in: place.path)

    #expect(result.status == 65 || result.status == 77)
    #expect(!(result.out + result.err).contains("skabc123"))
  }

  @Test func aSecondRunOnTheSameFolderIsLockedOut() async throws {
    let place = try Workplace()
    let first = try RunningProgram(
      ["run", Workplace.quickstart, "--into", "run", "--json", "--set", "scan.demo_clips=2000"], in: place.path)
    #expect(await first.err.waits { $0.contains("started") })

    let second = try await Program.run(["run", Workplace.quickstart, "--into", "run"], in: place.path)
    first.kill()
    _ = await first.ended()

    #expect(second.status == 75)
    #expect(lastLine(second.err) == "run: another process is running this pipeline. Wait for it to end, or stop it.")
  }

  @Test func aFolderThatIsNoRunIsMissingInput() async throws {
    let place = try Workplace()

    for command in [["status", "nothing"], ["export", "nothing", "--to", "out"], ["explain", "nothing", "q"]] {
      let result = try await Program.run(command, in: place.path)
      #expect(result.status == 66)
      #expect(result.err.contains("there is no run here"))
    }
  }

  @Test func ctrlCStopsCleanlyAndSaysHowToGoOn() async throws {
    let place = try Workplace()
    // As many clips as take far longer than the signal takes to get there on a busy machine.
    let running = try RunningProgram(
      ["run", Workplace.quickstart, "--json", "--set", "scan.demo_clips=3000", "--set", "write.model=a b"],
      in: place.path)
    #expect(await running.err.waits { $0.contains("\"event\":\"started\",\"stage\":\"caption\"") })

    running.kill(SIGINT)
    let status = await running.ended()

    #expect(status == 130)
    let line = lastLine(running.err.text)
    #expect(line.hasPrefix("{\"error\":\"Stopped; what is done is kept. To go on: "))
    #expect(line.hasSuffix("--set 'write.model=a b'\",\"status\":130}"))
    #expect(running.err.text.split(separator: "\n").allSatisfy { $0.hasPrefix("{") && $0.hasSuffix("}") })
    #expect(lastLine(running.err.text).contains("run \(Workplace.quickstart)"))
  }

  @Test func aKeyIsNeverWrittenAnywhere() async throws {
    let place = try Workplace()
    let key = "sk-secret-0123456789"
    let standIn = try RunningProgram(["stand-in", "--port", "0"], in: place.path)
    defer { standIn.kill() }
    #expect(await standIn.out.waits { $0.contains("\n") })
    let endpoint = standIn.out.text.trimmingCharacters(in: .newlines)

    let result = try await Program.run(
      small + ["--into", "run", "--set", "write.endpoint=\(endpoint)"], in: place.path,
      environment: ["OPENAI_API_KEY": key])

    #expect(result.status == 0, "\(result.err)")
    #expect(!(result.out + result.err).contains(key))
    for (name, bytes) in try place.files("run") {
      #expect(bytes.range(of: Data(key.utf8)) == nil, "\(name)")
    }
  }

  private let small = ["run", Workplace.quickstart, "--set", "scan.demo_clips=4"]

  private func lastLine(_ text: String) -> String {
    text.split(separator: "\n").last.map(String.init) ?? ""
  }
}
