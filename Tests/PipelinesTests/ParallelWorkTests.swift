import Foundation
import Synchronization
import Testing

@testable import Pipelines

/// Pages of consecutive numbers.
private func pages(of count: Int, size: Int) -> sending () -> [Int] {
  var next = 0
  return {
    let page = Array(next..<min(next + size, count))
    next += page.count
    return page
  }
}

@Suite struct ParallelWorkTests {
  private struct Failure: Error {}

  private final class Committed: Sendable {
    private let state = Mutex<Set<Int>>([])
    var items: Set<Int> { state.withLock { $0 } }
    func add(_ items: [Int]) { state.withLock { $0.formUnion(items) } }
  }

  @Test(arguments: [0, 1, 7, 1000], [1, 2, 5]) func everyItemIsWorkedOnAndCommittedOnce(count: Int, threads: Int)
    async throws
  {
    let committed = Mutex<[Int]>([])

    try await ParallelWork<Int, Int>(threads: threads, chunk: 3).run(
      page: pages(of: count, size: 64), work: { $0.map { $0 * 2 } },
      commit: { outputs in committed.withLock { $0 += outputs } })

    #expect(committed.withLock { $0 }.sorted() == (0..<count).map { $0 * 2 })
  }

  @Test func resultsAreCommittedInBatches() async throws {
    let commits = Mutex<[Int]>([])
    var work = ParallelWork<Int, Int>(threads: 2, chunk: 4)
    work.patience = 60

    try await work.run(
      page: pages(of: 1000, size: 100), work: { $0 },
      commit: { outputs in commits.withLock { $0.append(outputs.count) } })

    #expect(commits.withLock { $0.dropLast() }.allSatisfy { $0 >= work.batch })
    #expect(commits.withLock { $0.count } <= 1000 / work.batch + 1)
  }

  @Test func aSlowItemDoesNotKeepTheResultsOfOthersFromBeingCommitted() async throws {
    let isCommitted = DispatchSemaphore(value: 0)
    var work = ParallelWork<Int, Int>(threads: 2, chunk: 1)
    work.patience = 0.01

    // Item 1 ends only when item 0 is committed.
    try await work.run(
      page: pages(of: 2, size: 2),
      work: { items in
        if items == [1] { isCommitted.wait() }
        return items
      },
      commit: { outputs in if outputs.contains(0) { isCommitted.signal() } })
  }

  @Test func aFailureEndsTheWorkAfterCommittingWhatIsDone() async throws {
    let committed = Committed()

    await #expect(throws: Failure.self) {
      try await ParallelWork<Int, Int>(threads: 1, chunk: 1).run(
        page: pages(of: 1000, size: 10),
        work: { items in
          if items == [5] { throw Failure() }
          return items
        }, commit: { committed.add($0) })
    }

    #expect(committed.items == [0, 1, 2, 3, 4])
  }

  @Test func aFailingCommitAndAFailingPageEndTheWork() async throws {
    let work = ParallelWork<Int, Int>(threads: 2, chunk: 1)

    await #expect(throws: Failure.self) {
      try await work.run(page: pages(of: 1000, size: 10), work: { $0 }, commit: { _ in throw Failure() })
    }
    await #expect(throws: Failure.self) {
      try await work.run(page: { throw Failure() }, work: { $0 }, commit: { _ in })
    }
  }

  @Test func cancellingEndsTheWork() async throws {
    let (starts, started) = AsyncStream<Void>.makeStream()
    let task = Task {
      try await ParallelWork<Int, Int>(threads: 2, chunk: 1).run(
        page: { [1, 2, 3] },
        work: { items in
          started.yield()
          return items
        }, commit: { _ in })
    }
    for await _ in starts { break }

    task.cancel()

    await #expect(throws: CancellationError.self) { try await task.value }
  }
}
