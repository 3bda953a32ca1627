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
    let running = try RunningProgram(
      ["run", Workplace.quickstart, "--json", "--set", "scan.demo_clips=600"], in: place.path)
    #expect(await running.err.waits { $0.contains("\"event\":\"started\",\"stage\":\"caption\"") })

    running.kill(SIGINT)
    let status = await running.ended()

    #expect(status == 130)
    #expect(lastLine(running.err.text).contains("To go on: "))
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
