import Foundation
import Pipelines
import Testing

@testable import Stages
@testable import Store

@Suite struct WriteStageTests {
  private func clips(_ count: Int) throws -> TestRun {
    let run = try TestRun()
    for number in 0..<count { try run.write("\(number).wav", run.tone(200 + 10 * Float(number), seconds: 0.3)) }
    return run
  }

  private func settings(_ endpoint: ScriptedEndpoint) -> [String] {
    ["write.endpoint=\(endpoint.baseURL)", "write.attempts=1", "check.evidence=false"]
  }

  @Test func requestsThatAreRefusedForGoodAreNotMadeAgainAndDoNotKeepTheRunFromItsEnd() async throws {
    let run = try clips(24)
    let endpoint = try await ScriptedEndpoint { number, _ in
      number.isMultiple(of: 2) ? (400, "{\"error\":{\"message\":\"too much\"}}") : (200, ScriptedEndpoint.completion)
    }

    try await run.run(settings(endpoint) + ["write.concurrency=1"])
    let asked = endpoint.asked
    try await run.run(settings(endpoint) + ["write.concurrency=1", "dedup.similarity=0.5"])

    #expect(asked == 24)
    #expect(endpoint.asked == asked)
    let status = try run.store.status()
    #expect(status.done["check"] == 24)
    #expect(status.rejections.contains(RejectionCount(stage: "write", code: "E_REQUEST", count: 12)))
  }

  @Test func anEndpointThatRefusesEverythingStopsTheRunBeforeAnythingIsTakenForAnAnswer() async throws {
    let run = try clips(24)
    let endpoint = try await ScriptedEndpoint { _, _ in (400, "{\"error\":{\"message\":\"no such model\"}}") }

    await #expect(throws: StagesError.self) { try await run.run(self.settings(endpoint)) }

    #expect(endpoint.asked < 24 + 16)
    #expect(try run.store.doneCount(stage: "write") == 0)
  }

  @Test func equalRequestsAreMadeOnce() async throws {
    let run = try clips(12)
    let rows = (0..<12).map { "\($0).wav,A dog barks twice." }.joined(separator: "\n")
    try run.write("labels.csv", text: "file,caption\n" + rows + "\n")
    let endpoint = try await ScriptedEndpoint { _, _ in (200, ScriptedEndpoint.completion) }
    let overrides = settings(endpoint) + ["caption.with=manifest"]

    try await run.run(overrides, until: "caption")
    let forecast = try await run.rehearse(overrides).first { $0.stage == "write" }?.forecast.count
    try await run.run(overrides)

    #expect(forecast == 1)
    #expect(endpoint.asked == 1)
    #expect(try run.store.doneCount(stage: "check") == 12)
    #expect(try run.store.status().questions == 12)
  }

  @Test func anAnswerThatIsNoCompletionIsKeptAndAskedForAgainAFewTimes() async throws {
    let run = try clips(1)
    let endpoint = try await ScriptedEndpoint { number, _ in
      (200, number < 3 ? "{\"error\":\"busy\"}" : ScriptedEndpoint.completion)
    }

    try await run.run(settings(endpoint))

    #expect(endpoint.asked == 3)
    #expect(try run.store.status().usage.answered == 3)
    #expect(try run.store.status().questions == 1)
  }

  @Test func anEndpointThatNeverGivesACompletionIsNotAskedForEver() async throws {
    let run = try clips(1)
    let endpoint = try await ScriptedEndpoint { _, _ in (200, "{\"error\":\"busy\"}") }

    try await run.run(settings(endpoint))
    try await run.run(settings(endpoint))

    #expect(endpoint.asked == 3)
    #expect(
      try run.store.status().rejections == [RejectionCount(stage: "write", code: "E_SCHEMA", count: 1)])
  }

  @Test func aClipWithoutACaptionIsDoneWithAndListed() async throws {
    let run = try clips(2)
    try run.write("labels.csv", text: "file,caption\n0.wav,A dog barks.\n")
    let endpoint = try await ScriptedEndpoint { _, _ in (200, ScriptedEndpoint.completion) }

    try await run.run(settings(endpoint) + ["caption.with=manifest"])

    #expect(try run.store.doneCount(stage: "check") == 2)
    #expect(try run.store.status().rejections.contains { $0.stage == "caption" && $0.code == "E_NO_CAPTION" })
  }

  @Test func aCancelledRunKeepsTheAnswersThatWereOnTheWire() async throws {
    let run = try clips(12)
    let (arrivals, arrival) = AsyncStream.makeStream(of: Void.self)
    let (releases, release) = AsyncStream.makeStream(of: Void.self)
    let endpoint = try await ScriptedEndpoint { _, _ in
      arrival.yield()
      for await _ in releases { break }
      return (200, ScriptedEndpoint.completion)
    }
    try await run.run(settings(endpoint), until: "caption")
    let pipeline = try run.pipeline(settings(endpoint) + ["write.concurrency=2"])
    let (store, notes) = (run.store, run.notes)

    let task = Task { try await pipeline.execute(in: store, until: nil, progress: notes) }
    var onWire = 0
    for await _ in arrivals {
      onWire += 1
      if onWire == 2 { break }
    }
    task.cancel()
    release.finish()

    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(endpoint.asked == 2)
    #expect(try run.store.status().usage.answered == 2)
    #expect(try run.store.status().usage.inFlight == 0)
    #expect(try run.store.doneCount(stage: "write") == 2)
  }
}
