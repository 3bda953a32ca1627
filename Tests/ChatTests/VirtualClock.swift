import Chat
import Synchronization

/// A clock that moves only when a test says so, and wakes those that sleep until then.
final class VirtualClock: Sendable {
  private struct Sleeper {
    let id: Int
    let due: Double
    let then: CheckedContinuation<Bool, Never>
  }

  private struct State {
    var now = 1000.0
    var lastID = 0
    var sleepers: [Sleeper] = []
  }

  private let state = Mutex(State())

  /// How long each has to sleep yet, the shortest first.
  var sleeps: [Double] { state.withLock { state in state.sleepers.map { $0.due - state.now }.sorted() } }

  /// No jitter: a chance of 0.
  func pacing() -> Pacing {
    var pacing = Pacing()
    pacing.jitter = { 0 }
    pacing.now = { self.state.withLock { $0.now } }
    pacing.sleep = { seconds in try await self.sleep(seconds) }
    return pacing
  }

  func advance(by seconds: Double) {
    let due = state.withLock { state in
      state.now += seconds
      let due = state.sleepers.filter { $0.due <= state.now }
      state.sleepers.removeAll { $0.due <= state.now }
      return due
    }
    for sleeper in due { sleeper.then.resume(returning: true) }
  }

  /// Returns once so many sleep.
  func waitForSleepers(_ count: Int) async {
    while state.withLock({ $0.sleepers.count }) < count { await Task.yield() }
  }

  private func sleep(_ seconds: Double) async throws {
    let id = state.withLock { state in
      state.lastID += 1
      return state.lastID
    }
    let isOver = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        state.withLock { state in
          state.sleepers.append(Sleeper(id: id, due: state.now + seconds, then: continuation))
        }
        if Task.isCancelled { cancel(id) }
      }
    } onCancel: {
      cancel(id)
    }
    if !isOver { throw CancellationError() }
  }

  private func cancel(_ id: Int) {
    let sleeper = state.withLock { state -> Sleeper? in
      guard let place = state.sleepers.firstIndex(where: { $0.id == id }) else { return nil }
      return state.sleepers.remove(at: place)
    }
    sleeper?.then.resume(returning: false)
  }
}
