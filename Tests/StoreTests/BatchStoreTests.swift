import GRDB
import Testing

@testable import Store

@Suite struct BatchStoreTests {
  private let worst = Charge(usd: 1, tokens: 100)

  private func response(_ text: String = "{}") -> ResponseRecord {
    ResponseRecord(
      status: 200, promptTokens: 30, completionTokens: 12, seconds: 0, format: "json_schema", headers: "{}",
      body: Array(text.utf8), usd: 0.25)
  }

  /// A batch of requests with these keys.
  private func batch(_ store: RunStore, _ keys: [String], tag: String = "t") async throws -> BatchRecord {
    let batch = try await store.beginBatch(
      stage: "write", endpoint: "e", model: "m", format: "json_schema", limitsByOldName: true, tag: tag, made: 12)
    try await store.add(
      keys.map { (RequestRecord(key: $0, clip: "c", body: Array($0.utf8), model: "m", endpoint: "e"), worst) },
      to: batch)
    return batch
  }

  @Test func aBatchIsKeptAsFarAsItCame() async throws {
    let run = try TemporaryRun()
    var batch = try await batch(run.store, ["a", "b"])
    (batch.state, batch.file, batch.remote, batch.status) = (.created, "f", "r", "validating")
    try await run.store.keep(batch)

    let reopened = try RunStore(path: run.folder + "/run.sqlite")

    #expect(try reopened.batchesUnderWay() == (1, 2))
    #expect(try reopened.openBatches(stage: "write") == [batch])
    #expect(try reopened.openBatch(of: "b") == batch)
    #expect(try reopened.openBatch(of: "z") == nil && reopened.openBatches(stage: "caption").isEmpty)
    #expect(try reopened.request(key: "a")?.body == Array("a".utf8))
    #expect(try reopened.spending() == Spending(requests: 2, tokens: 200, usd: 2))
  }

  @Test func whatCameOfRequestsIsTakenOnceAndTheRestFreedWithTheBatch() async throws {
    let run = try TemporaryRun()
    let batch = try await batch(run.store, ["a", "b", "c", "d"])
    let outcomes: [(String, BatchOutcome)] = [
      ("a", .answered(response("first"))), ("b", .failed("status 500", mayBeBilled: false)),
      ("stranger", .answered(response())),
    ]

    let first = try await run.store.collect(outcomes, of: batch)
    let second = try await run.store.collect([("a", .answered(response("second")))], of: batch)
    let left = try run.store.openRequests(of: batch)
    let rest = try await run.store.close(batch, "over", mayBeBilled: false)

    #expect(first == [worst, worst, nil] && second == [nil])
    #expect(try run.store.response(to: "a")?.body == Array("first".utf8))
    #expect(try run.store.response(to: "stranger") == nil)
    #expect(left == ["c", "d"])
    #expect(rest == ReservedRequests(requests: 2, charge: Charge(usd: 2, tokens: 200)))
    #expect(try run.store.spending() == Spending(requests: 4, tokens: 42, usd: 0.25))
    #expect(try run.store.openBatches(stage: "write").isEmpty && run.store.openBatch(of: "c") == nil)
    #expect(try run.store.isRequest("b", of: batch) && !run.store.isRequest("stranger", of: batch))
  }

  @Test func whatMayBeBilledStaysAmongWhatIsSpent() async throws {
    let run = try TemporaryRun()
    let batch = try await batch(run.store, ["a", "b"])

    _ = try await run.store.collect([("a", .failed("status 504", mayBeBilled: true))], of: batch)
    _ = try await run.store.close(batch, "not in the files", mayBeBilled: true)

    #expect(try run.store.spending() == Spending(requests: 2, tokens: 200, usd: 2))
    #expect(try run.store.status().usage.failed == 2 && run.store.status().usage.inFlight == 0)
  }

  @Test func aBatchThatNeverWentOutLeavesNothingOfItself() async throws {
    let run = try TemporaryRun()
    _ = try await batch(run.store, ["a", "b"])
    var sent = try await batch(run.store, ["c"], tag: "u")
    sent.state = .uploaded
    try await run.store.keep(sent)

    try run.store.forgetUnsentBatches(stage: "write")

    #expect(try run.store.openBatches(stage: "write") == [sent])
    #expect(try run.store.spending() == Spending(requests: 1, tokens: 100, usd: 1))
    try await run.store.forget(sent)
    #expect(try run.store.spending() == Spending())
  }

  @Test func aRequestMayBeInALaterBatchOnceItsFirstIsClosed() async throws {
    let run = try TemporaryRun()
    let first = try await batch(run.store, ["a"])
    _ = try await run.store.close(first, "the batch is expired", mayBeBilled: false)
    let second = try await batch(run.store, ["a"], tag: "u")

    #expect(try run.store.openBatch(of: "a")?.id == second.id)
    #expect(try run.store.reserved(for: "a", of: second) == worst)
    #expect(try run.store.reserved(for: "a", of: first) == nil)
    #expect(try run.store.reserved(by: second) == ReservedRequests(requests: 1, charge: worst))
  }

  @Test func oneTagIsOfOneBatch() async throws {
    let run = try TemporaryRun()
    _ = try await batch(run.store, ["a"])

    await #expect(throws: StoreError.self) { try await batch(run.store, ["b"]) }
  }
}
