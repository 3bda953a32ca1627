import Foundation
import Pipelines
import Synchronization
import Testing
import Web

@testable import Stages
@testable import Store

/// Batches over restarts: whatever is begun is not begun again, and what was answered is not asked again.
@Suite struct BatchResumeTests {
  private func clips(_ count: Int) throws -> TestRun {
    let run = try TestRun()
    for number in 0..<count { try run.write("\(number).wav", run.tone(200 + 10 * Float(number), seconds: 0.3)) }
    return run
  }

  /// One try for each request, and no patience, so that a server that goes away ends the run.
  private func settings(_ relay: BatchRelay, _ more: [String] = []) -> [String] {
    [
      "write.endpoint=\(relay.baseURL)", "write.key=none", "write.batch.poll=2ms", "write.attempts=1",
      "write.patience=0",
    ] + more
  }

  @Test(arguments: [
    BatchRelay.Trouble(step: .upload, isHeard: false), BatchRelay.Trouble(step: .upload, isHeard: true),
    BatchRelay.Trouble(step: .upload, number: 2, isHeard: true),
    BatchRelay.Trouble(step: .creation, isHeard: false), BatchRelay.Trouble(step: .creation, isHeard: true),
    BatchRelay.Trouble(step: .creation, number: 3, isHeard: true), BatchRelay.Trouble(step: .poll, isHeard: false),
    BatchRelay.Trouble(step: .poll, number: 7, isHeard: true), BatchRelay.Trouble(step: .fetch, isHeard: false),
    BatchRelay.Trouble(step: .fetch, number: 2, isHeard: true),
  ])
  func aRunThatEndsAnywhereGoesOnThereAndBeginsNoBatchTwice(trouble: BatchRelay.Trouble) async throws {
    let run = try clips(20)
    let server = try await StandInServer.start()
    let relay = try await BatchRelay(to: server.baseURL)
    relay.goAway(trouble)

    let overrides = settings(relay, ["write.batch.requests=5"])
    await #expect(throws: (any Error).self) { try await run.run(overrides) }
    relay.comeBack()
    try await run.run(overrides)
    let statistics = await server.statistics
    await server.stop()

    #expect(try run.store.doneCount(stage: "check") == 20)
    #expect(relay.count(.creation) == 4)
    #expect(statistics.billed == 20 && statistics.requests == 20)
    #expect(
      try run.store.status().usage
        == .init(
          answered: 20, failed: 0, inFlight: 0, promptTokens: statistics.promptTokens,
          completionTokens: statistics.completionTokens))
    #expect(try run.store.openBatches(stage: "write").isEmpty)
  }

  @Test func whatIsInABatchIsWaitedForAndNotAskedDirectlyToo() async throws {
    let run = try clips(12)
    let server = try await StandInServer.start()
    let relay = try await BatchRelay(to: server.baseURL)
    relay.goAway(BatchRelay.Trouble(step: .poll, number: 2, isHeard: true))

    await #expect(throws: (any Error).self) { try await run.run(settings(relay, ["write.batch.requests=8"])) }
    relay.comeBack()
    let open = try run.store.openBatches(stage: "write").count
    let rehearsal = try await run.rehearse(settings(relay, ["write.batch.requests=8"])).first { $0.stage == "write" }
    try await run.run(["write.endpoint=\(relay.baseURL)", "write.key=none"])
    let statistics = await server.statistics
    await server.stop()

    #expect(rehearsal?.forecast.count == 0)
    #expect(rehearsal?.forecast.text == "0 requests; 12 requests in batches that are under way")
    #expect(open == 2 && statistics.batched == 12 && statistics.billed == 12)
    #expect(try run.store.doneCount(stage: "check") == 12)
  }

  @Test func aBatchThatWasUploadedAndNeverBegunIsAskedDirectlyWhereBatchesAreNoLongerWanted() async throws {
    let run = try clips(6)
    let server = try await StandInServer.start()
    let relay = try await BatchRelay(to: server.baseURL)
    relay.goAway(BatchRelay.Trouble(step: .creation, isHeard: false))

    await #expect(throws: (any Error).self) { try await run.run(settings(relay)) }
    relay.comeBack()
    try await run.run(["write.endpoint=\(relay.baseURL)", "write.key=none"])
    let statistics = await server.statistics
    await server.stop()

    #expect(statistics.billed == 6 && statistics.batched == 0)
    #expect(try run.store.spending().requests == 6 && run.store.openBatches(stage: "write").isEmpty)
  }

  @Test func answersOfABatchThatIsNotNeededAnyMoreAreKeptAllTheSame() async throws {
    let run = try clips(6)
    let server = try await StandInServer.start()
    let relay = try await BatchRelay(to: server.baseURL)
    relay.goAway(BatchRelay.Trouble(step: .poll, number: 4, isHeard: true))

    await #expect(throws: (any Error).self) { try await run.run(settings(relay)) }
    relay.comeBack()
    try await run.run(settings(relay, ["write.questions=3"]))
    try await run.run(settings(relay, ["write.questions=3", "write.max_tokens=999"]))
    let before = await server.statistics
    try await run.run(settings(relay))
    let after = await server.statistics
    await server.stop()

    #expect(before.billed == 18 && after.billed == 18)
    #expect(try run.store.doneCount(stage: "check") == 6 && run.store.openBatches(stage: "write").isEmpty)
  }

  @Test func ctrlCLeavesBatchesToTheEndpointAndSaysSo() async throws {
    let run = try clips(10)
    var batches = StandInBatches()
    batches.pace = .polls(40)
    let server = try await StandInServer.start(batches: batches)
    let relay = try await BatchRelay(to: server.baseURL)
    let pipeline = try run.pipeline(settings(relay, ["write.batch.requests=5"]))
    let watch = Watching()

    let task = Task { [store = run.store] in try await pipeline.execute(in: store, until: nil, progress: watch) }
    await watch.shown { $0.contains("2 batches: validating, validating") }
    task.cancel()

    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(watch.notes.contains { $0.contains("2 batches under way") && $0.contains("go on there") })
    let spent = try run.store.spending()
    #expect(spent.requests == 10 && spent.tokens > 20_000)
    try await run.run(settings(relay, ["write.batch.requests=5"]))
    let statistics = await server.statistics
    await server.stop()
    #expect(relay.count(.creation) == 2 && relay.count(.upload) == 2 && statistics.billed == 10)
    #expect(try run.store.spending().tokens == statistics.promptTokens + statistics.completionTokens)
  }

  @Test func aBatchThatTheEndpointDoesNotKnowStopsTheRunUnlessItIsToBeReplaced() async throws {
    let run = try clips(4)
    let server = try await StandInServer.start()
    let relay = try await BatchRelay(to: server.baseURL)
    relay.goAway(BatchRelay.Trouble(step: .poll, number: 1, isHeard: true))
    await #expect(throws: (any Error).self) { try await run.run(settings(relay)) }
    let other = try await StandInServer.start()
    relay.comeBack(target: other.baseURL)

    let error = await #expect(throws: StagesError.self) { try await run.run(settings(relay)) }
    #expect(error.map { "\($0)" }?.contains("Use the key that made it") == true)
    #expect(await other.statistics.requests == 0)
    try await run.run(settings(relay, ["write.batch.lost=replace"]))
    let statistics = await other.statistics
    await server.stop()
    await other.stop()

    #expect(statistics.billed == 4)
    #expect(try run.store.status().usage.failed == 4 && run.store.spending().requests == 8)
    #expect(run.notes.notes.contains { $0.contains("4 requests of it are asked again") })
  }

  @Test func anEndpointThatIsAwayForAWhileIsWaitedFor() async throws {
    let run = try clips(4)
    let server = try await StandInServer.start()
    let relay = try await BatchRelay(to: server.baseURL)
    relay.goAway(BatchRelay.Trouble(step: .poll, number: 2, isHeard: false))
    let watch = Watching()
    let pipeline = try run.pipeline(
      settings(relay, ["write.patience=600"]).filter { $0 != "write.patience=0" })

    let task = Task { [store = run.store] in try await pipeline.execute(in: store, until: nil, progress: watch) }
    for await _ in relay.departures { break }
    relay.comeBack()
    try await task.value
    await server.stop()

    #expect(relay.count(.creation) == 1)
    #expect(try run.store.doneCount(stage: "check") == 4)
  }
}

/// What a run shows and notes, for those who wait for it.
private final class Watching: ProgressReporter {
  private struct State {
    var shown: [String] = []
    var notes: [String] = []
    var waiter: (isIt: @Sendable (String) -> Bool, then: CheckedContinuation<Void, Never>)?
  }
  private let state = Mutex(State())

  var notes: [String] { state.withLock { $0.notes } }

  /// Returns once a text for which `isIt` holds was shown.
  func shown(_ isIt: @escaping @Sendable (String) -> Bool) async {
    await withCheckedContinuation { continuation in
      let isThere = state.withLock { state in
        if state.shown.contains(where: isIt) { return true }
        state.waiter = (isIt, continuation)
        return false
      }
      if isThere { continuation.resume() }
    }
  }

  func shows(stage: String, _ text: String) {
    let then = state.withLock { state -> CheckedContinuation<Void, Never>? in
      state.shown.append(text)
      guard let waiter = state.waiter, waiter.isIt(text) else { return nil }
      state.waiter = nil
      return waiter.then
    }
    then?.resume()
  }

  func note(stage: String, _ text: String) { state.withLock { $0.notes.append(text) } }
  func started(stage: String, total: Int, unit: String) {}
  func advanced(stage: String, by count: Int) {}
  func finished(stage: String, summary: String) {}
  func upToDate(stage: String) {}
}
