import Glibc
import Synchronization
import Testing

@testable import Tensors

/// Serialized: the number of threads belongs to the process.
@Suite(.serialized) struct ParallelTests {
  @Test(arguments: [0, 1, 2, 7, 64, 1_000, 100_003], [1, 2, 16, 5_000])
  func everyIndexIsVisitedOnceInRangesOfTheGrain(count: Int, grain: Int) {
    let visits = Counters(count)
    let ragged = Atomic<Int>(0)

    Parallel.forEach(count, grain: grain) { range in
      for index in range { visits.add(index) }
      if range.lowerBound % grain != 0 || (range.count % grain != 0 && range.upperBound != count) {
        ragged.add(1, ordering: .relaxed)
      }
    }

    #expect(visits.all.allSatisfy { $0 == 1 })
    #expect(ragged.load(ordering: .relaxed) == 0)
  }

  @Test func loopsOfSeveralCallersAndLoopsInLoopsAreComplete() async {
    let sums = await withTaskGroup(of: Int.self) { group in
      for caller in 0..<8 {
        group.addTask {
          let sum = Atomic<Int>(0)
          for _ in 0..<200 {
            Parallel.forEach(50) { range in
              for index in range {
                Parallel.forEach(20) { inner in sum.add(inner.count * index * caller, ordering: .relaxed) }
              }
            }
          }
          return sum.load(ordering: .relaxed)
        }
      }
      return await group.reduce(into: Set<Int>()) { $0.insert($1) }
    }

    #expect(sums == Set((0..<8).map { 200 * 20 * 1_225 * $0 }))
  }

  /// In a pool of its own: while another suite's loop runs, the shared one has no threads for this.
  @Test func workersThatWentToSleepWakeUp() {
    let pool = ThreadPool()
    let clock = ContinuousClock()
    for round in 1...5 {
      // Threads without work are awake for much less.
      let end = clock.now + .milliseconds(2)
      while clock.now < end {}
      let inside = Atomic<Int>(0)
      let misses = Atomic<Int>(0)
      let deadline = clock.now + .seconds(20)

      // Who has the first index waits for another to have the second.
      pool.run(
        ThreadPool.Loop(count: 2, grain: 1, threads: 2) { _ in
          inside.add(1, ordering: .relaxed)
          while inside.load(ordering: .relaxed) < 2 {
            guard clock.now < deadline else {
              misses.add(1, ordering: .relaxed)
              break
            }
            sched_yield()
          }
        })

      let missed = misses.load(ordering: .relaxed) > 0
      #expect(!missed, "round \(round)")
      if missed { break }
    }
  }

  @Test func oneThreadRunsTheWholeLoopAtOnce() {
    let before = Parallel.threads
    defer { Parallel.threads = before }
    Parallel.threads = 1

    var ranges: [Range<Int>] = []
    Parallel.forEach(100) { ranges.append($0) }

    #expect(ranges == [0..<100])
  }

  @Test func threadsAreAtMostTheCores() {
    let before = Parallel.threads
    defer { Parallel.threads = before }

    Parallel.threads = 1_000_000

    #expect(Parallel.threads == Parallel.cores)
    #expect(Parallel.cores >= 1)
  }
}

/// @unchecked because the counters are atomic.
private final class Counters: @unchecked Sendable {
  private let counts: UnsafeMutableBufferPointer<Atomic<Int>>

  init(_ count: Int) {
    counts = .allocate(capacity: count)
    for index in 0..<count { counts.initializeElement(at: index, to: Atomic(0)) }
  }

  deinit {
    counts.deinitialize()
    counts.deallocate()
  }

  func add(_ index: Int) { counts[index].add(1, ordering: .relaxed) }

  var all: [Int] { counts.indices.map { counts[$0].load(ordering: .relaxed) } }
}
