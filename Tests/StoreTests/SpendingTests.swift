import GRDB
import Testing

@testable import Store

@Suite struct SpendingTests {
  private let response = ResponseRecord(
    status: 200, promptTokens: 30, completionTokens: 12, seconds: 0.5, format: "json_schema", headers: "{}",
    body: Array("{}".utf8), usd: 0.25)
  private let worst = Charge(usd: 1, tokens: 100)

  private func request(_ key: String) -> RequestRecord { RequestRecord(key: key, clip: "c", body: []) }

  @Test func whatIsUnderWayCountsAsMuchAsItMayCost() async throws {
    let run = try TemporaryRun()

    _ = try await run.store.sending(request("a"), stage: "write", reserving: worst)

    #expect(try run.store.spending() == Spending(requests: 1, tokens: 100, usd: 1))
    let reopened = try RunStore(path: run.folder + "/run.sqlite")
    #expect(try reopened.spending() == Spending(requests: 1, tokens: 100, usd: 1))
  }

  @Test func anAnswerCountsWhatItSaysAndAFailureWhatItMayBeBilled() async throws {
    let run = try TemporaryRun()
    let answered = try await run.store.sending(request("a"), stage: "write", reserving: worst)
    try await run.store.answered(attempt: answered, key: "a", stage: "write", response)
    let refused = try await run.store.sending(request("b"), stage: "write", reserving: worst)
    try await run.store.failed(attempt: refused, "status 429")
    let cut = try await run.store.sending(request("b"), stage: "write", reserving: worst)
    try await run.store.failed(attempt: cut, "cut off", mayBeBilled: true)

    #expect(try run.store.spending() == Spending(requests: 3, tokens: 142, usd: 1.25))
    #expect(try run.store.spending(stage: "write").usd == 0.25)
  }

  @Test func anAnswerThatDoesNotTellItsTokensCountsAsManyAsItMayHaveHad() async throws {
    let run = try TemporaryRun()
    var silent = response
    (silent.promptTokens, silent.completionTokens) = (0, 0)
    let attempt = try await run.store.sending(request("a"), stage: "write", reserving: worst)

    try await run.store.answered(attempt: attempt, key: "a", stage: "write", silent)

    #expect(try run.store.spending() == Spending(requests: 1, tokens: 100, usd: 0.25))
  }

  @Test func whatManyTasksWriteAtATimeIsAllThereAndNumbered() async throws {
    let run = try TemporaryRun()
    let (store, worst) = (run.store, worst)

    let numbers = try await withThrowingTaskGroup(of: Int64.self) { group in
      for number in 0..<300 {
        group.addTask {
          let record = RequestRecord(key: "k\(number)", clip: "c", body: [])
          return try await store.sending(record, stage: "write", reserving: worst)
        }
      }
      return try await group.reduce(into: Set<Int64>()) { $0.insert($1) }
    }

    #expect(numbers.count == 300)
    #expect(try run.store.spending().requests == 300)
  }

  @Test func oneThatCannotBeWrittenDoesNotTakeOthersWithIt() async throws {
    let run = try TemporaryRun()
    let store = run.store

    let failures = await withTaskGroup(of: Bool.self) { group in
      for number in 0..<50 {
        group.addTask {
          do {
            try await store.commit { db in
              try db.execute(
                sql: number == 7
                  ? "INSERT INTO none VALUES (1)" : "INSERT INTO setting VALUES ('n\(number)', 'x')")
            }
            return false
          } catch {
            return true
          }
        }
      }
      return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
    }

    #expect(failures == 1)
    #expect(try run.store.setting("n8") == "x" && run.store.setting("n49") == "x")
  }
}
