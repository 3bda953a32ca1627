import Foundation
import Store
import Testing

/// The promise of a run: killed anywhere, it goes on with the same command, loses nothing, and pays for nothing twice
/// but what was on the wire.
@Suite(.serialized) struct KillAndResumeTests {
  private static let clips = 96

  @Test func aRunKilledTwentyTimesEndsAsAnUndisturbedOneAndPaysOnlyForWhatWasInFlight() async throws {
    let place = try Workplace()
    _ = try await Program.run(["synth", "clips", "--clips", "\(Self.clips)"], in: place.path)
    let undisturbed = try await StandIn(in: place, log: "undisturbed.log", latency: 0)
    let whole = try await Program.run(arguments(undisturbed, into: "whole"), in: place.path)
    #expect(whole.status == 0, "\(whole.err)")

    let endpoint = try await StandIn(in: place, log: "killed.log", latency: 0.8)
    var kills = 0
    var killedInFlight = 0
    var inFlight = 0
    // More tries than kills: on a busy machine a moment may come before the first request is out.
    for moment in KillMoment.plan(writing: 30) {
      if moment.stage == "write" && killedInFlight >= 18 { continue }
      let before = try attempts(place)
      let running = try RunningProgram(arguments(endpoint, into: "killed") + ["--json"], in: place.path)
      let came = await moment.comes(running)
      running.kill()
      let status = await running.ended()
      guard came, status == -SIGKILL else { continue }
      let lost = try attempts(place) - before
      kills += 1
      killedInFlight += lost > 0 ? 1 : 0
      inFlight += lost
    }
    let last = try await Program.run(arguments(endpoint, into: "killed"), in: place.path)
    #expect(last.status == 0, "\(last.err)")

    #expect(kills >= 20)
    #expect(killedInFlight >= 15)
    #expect(try place.files("killed/export") == place.files("whole/export"))
    #expect(try questions(place) >= 100)
    let billed = try (undisturbed: undisturbed.billed(), killed: endpoint.billed())
    #expect(billed.undisturbed == Self.clips)
    #expect(billed.killed <= billed.undisturbed + inFlight)
    print(
      "killed in flight \(killedInFlight) times with \(inFlight) requests; billed \(billed.killed), undisturbed \(billed.undisturbed)"
    )
  }

  @Test func answersThatNobodyHasReadYetAreNotPaidForAgain() async throws {
    let place = try Workplace()
    _ = try await Program.run(["synth", "clips", "--clips", "12"], in: place.path)
    let endpoint = try await StandIn(in: place, log: "requests.log", latency: 0)
    // Reading twelve answers takes milliseconds: not each kill comes in time, so each has a run of its own.
    for attempt in 1...20 {
      let folder = "run-\(attempt)"
      let running = try RunningProgram(arguments(endpoint, into: folder) + ["--json"], in: place.path)
      let came = await KillMoment(stage: "check", delay: .zero).comes(running)
      running.kill()
      guard came, await running.ended() == -SIGKILL, try isAnsweredAndNotParsed(place, folder) else { continue }
      let billed = try endpoint.billed()
      let resumed = try await Program.run(arguments(endpoint, into: folder), in: place.path)
      #expect(resumed.status == 0, "\(resumed.err)")
      #expect(try endpoint.billed() == billed)
      return
    }
    Issue.record("no kill of 20 came between the answers and their reading")
  }

  private func arguments(_ endpoint: StandIn, into folder: String) -> [String] {
    [
      "run", Workplace.quickstart, "--audio", "clips", "--into", folder, "--set", "write.endpoint=\(endpoint.baseURL)",
      "--set", "write.concurrency=3", "--set", "write.probe=false",
    ]
  }

  /// Requests that went out and of which the store knows no end: in flight at a kill.
  private func attempts(_ place: Workplace) throws -> Int {
    guard let store = try? RunStore(reading: place.path + "/killed/run.sqlite") else { return 0 }
    return try store.status().usage.inFlight
  }

  private func isAnsweredAndNotParsed(_ place: Workplace, _ folder: String) throws -> Bool {
    let store = try RunStore(reading: place.path + "/\(folder)/run.sqlite")
    return try store.doneCount(stage: "write") == 12 && store.doneCount(stage: "check") < 12
  }

  private func questions(_ place: Workplace) throws -> Int {
    try ["train", "dev", "test"].reduce(0) { sum, split in
      let text = try String(contentsOfFile: place.path + "/killed/export/jsonl/\(split).jsonl", encoding: .utf8)
      return sum + text.split(separator: "\n").count
    }
  }
}

/// When a run is killed: so long after one of its stages began.
private struct KillMoment {
  var stage: String
  var delay: Duration

  /// Some before any request, many while requests are on the wire, and some in what follows.
  static func plan(writing: Int) -> [KillMoment] {
    var random = SystemRandomNumberGenerator()
    func moment(_ stage: String, _ milliseconds: ClosedRange<Int>) -> KillMoment {
      KillMoment(stage: stage, delay: .milliseconds(Int.random(in: milliseconds, using: &random)))
    }
    return [moment("scan", 0...20), moment("caption", 0...60)]
      + (0..<writing).map { _ in moment("write", 20...280) }
      + [moment("check", 0...5), moment("balance", 0...5), moment("export", 0...40)]
  }

  /// Returns once the moment has come; false where the run ended before.
  func comes(_ running: RunningProgram) async -> Bool {
    let mark = "\"event\":\"started\",\"stage\":\"\(stage)\""
    guard await running.err.waits(until: { $0.contains(mark) }) else { return false }
    // Not to wait for something: the random moment itself.
    if delay > .zero { try? await Task.sleep(for: delay) }
    return true
  }
}

/// The stand-in endpoint as a process of its own, with a line in its log for each request that it answered.
final class StandIn {
  let baseURL: String
  private let process: RunningProgram
  private let log: String

  init(in place: Workplace, log: String, latency: Double, options: [String] = []) async throws {
    self.log = place.path + "/" + log
    process = try RunningProgram(
      ["stand-in", "--port", "0", "--latency", "\(latency)", "--log", self.log] + options, in: place.path)
    guard await process.out.waits(until: { $0.contains("\n") }) else {
      throw StandInFailure(text: process.err.text)
    }
    baseURL = process.out.text.trimmingCharacters(in: .newlines)
  }

  deinit {
    process.kill()
  }

  func billed() throws -> Int {
    try String(contentsOfFile: log, encoding: .utf8).split(separator: "\n").filter { $0.contains(" 200") }.count
  }
}

private struct StandInFailure: Error {
  var text: String
}
