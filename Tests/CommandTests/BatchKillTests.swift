import Foundation
import Store
import Testing

/// The promise of a run that asks in batches: killed anywhere, no batch is begun twice and no answer asked for again.
@Suite(.serialized) struct BatchKillTests {
  private static let clips = 96
  private static let key = "sk-batches-4f1d9c"

  @Test func aRunKilledTwentyTimesBeginsEachBatchOnceAndEndsAsADirectOne() async throws {
    let place = try Workplace()
    _ = try await Program.run(["synth", "clips", "--clips", "\(Self.clips)"], in: place.path)
    let undisturbed = try await StandIn(in: place, log: "undisturbed.log", latency: 0)
    let whole = try await Program.run(arguments(undisturbed.baseURL, into: "whole"), in: place.path)
    #expect(whole.status == 0, "\(whole.err)")

    let endpoint = try await StandIn(
      in: place, log: "killed.log", latency: 0, options: ["--batch-polls", "20"])
    let batches = [
      "write.batch.requests=5", "write.batch.at_once=3", "write.batch.poll=20ms", "write.attempts=20",
      "write.key=BATCH_KEY",
    ].flatMap { ["--set", $0] }
    let command = arguments(endpoint.baseURL, into: "killed") + batches
    var kills = 0
    for _ in 0..<60 where kills < 20 {
      let running = try RunningProgram(command + ["--json"], in: place.path, environment: ["BATCH_KEY": Self.key])
      let came = await running.err.waits { $0.contains("\"event\":\"started\",\"stage\":\"write\"") }
      // Not to wait for something: the random moment itself.
      try await Task.sleep(for: .milliseconds(Int.random(in: 0...250)))
      running.kill()
      if await running.ended() == -SIGKILL, came { kills += 1 }
    }
    let last = try await Program.run(command, in: place.path, environment: ["BATCH_KEY": Self.key])
    #expect(last.status == 0, "\(last.err)")

    #expect(kills >= 15)
    #expect(try place.files("killed/export") == place.files("whole/export"))
    #expect(try endpoint.billed() == Self.clips)
    let store = try RunStore(reading: place.path + "/killed/run.sqlite")
    #expect(try store.status().usage.inFlight == 0 && store.openBatches(stage: "write").isEmpty)
    for name in try FileManager.default.subpathsOfDirectory(atPath: place.path + "/killed") {
      let bytes = FileManager.default.contents(atPath: place.path + "/killed/" + name) ?? Data()
      #expect(bytes.range(of: Data(Self.key.utf8)) == nil, "\(name) holds the key")
    }
    print("killed \(kills) times; billed \(try endpoint.billed()) for \(Self.clips) clips")
  }

  private func arguments(_ baseURL: String, into folder: String) -> [String] {
    [
      "run", Workplace.quickstart, "--audio", "clips", "--into", folder, "--set", "write.endpoint=\(baseURL)",
      "--set", "write.probe=false",
    ]
  }
}
