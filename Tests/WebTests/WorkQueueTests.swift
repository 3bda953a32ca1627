import Foundation
import Synchronization
import Testing

@testable import Web

private final class Order: Sendable {
  private let state = Mutex<[Int]>([])

  var numbers: [Int] { state.withLock { $0 } }

  func append(_ number: Int) {
    state.withLock { $0.append(number) }
  }
}

struct WorkQueueTests {
  /// Waits until `condition` holds, giving way to those who make it so.
  private func eventually(_ condition: () -> Bool) async {
    while !condition() { await Task.yield() }
  }

  @Test func whoComesFirstGoesFirstAndNoMoreThanThePlaces() async throws {
    let queue = WorkQueue(places: 1)
    let order = Order()
    let (gate, open) = AsyncStream.makeStream(of: Void.self)
    let holder = Task { try await queue.withPlace { for await _ in gate { break } } }
    var waiting: [Task<Void, any Error>] = []
    for number in 0..<5 {
      // The holder must be in before the first comes, and each before the next.
      if number == 0 { await eventually { queue.free == 0 } }
      waiting.append(Task { try await queue.withPlace { order.append(number) } })
      await eventually { queue.length == number + 1 }
    }

    open.yield()
    try await holder.value
    for task in waiting { try await task.value }

    #expect(order.numbers == [0, 1, 2, 3, 4])
    #expect(queue.free == 1 && queue.length == 0)
  }

  @Test func whoIsCancelledLeavesTheQueue() async throws {
    let queue = WorkQueue(places: 1)
    let (gate, open) = AsyncStream.makeStream(of: Void.self)
    let holder = Task { try await queue.withPlace { for await _ in gate { break } } }
    await eventually { queue.free == 0 }
    let second = Task { try await queue.withPlace {} }
    await eventually { queue.length == 1 }

    second.cancel()

    await #expect(throws: CancellationError.self) { try await second.value }
    open.yield()
    try await holder.value
    #expect(queue.length == 0 && queue.free == 1)
  }

  @Test func latencyGrowsWithTheLoadAndNothingIsRefused() async throws {
    var faults = StandInFaults()
    faults.latencySeconds = 0.05...0.05
    let server = try await StandInServer.start(faults: faults, limits: StandInLimits(concurrentAnswers: 2))
    let bodies = try (0..<8).map { try chatBody("Write 2 questions. " + RandomCaption(seed: $0).text) }
    let start = ContinuousClock.now

    try await withThrowingTaskGroup(of: Int.self) { group in
      for body in bodies { group.addTask { try await post(body, to: server).status } }
      for try await status in group { #expect(status == 200) }
    }

    // Four rounds of two.
    #expect(ContinuousClock.now - start >= .seconds(0.2))
    await server.stop()
  }
}
