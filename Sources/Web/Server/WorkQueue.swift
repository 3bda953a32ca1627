import Synchronization

/// Lets so many work at a time; the rest waits in the order it came.
final class WorkQueue: Sendable {
  private struct State {
    var free: Int
    var waiting: [(id: Int, continuation: CheckedContinuation<Void, any Error>)] = []
    var nextID = 0
    /// Those cancelled before they came to wait.
    var cancelled: Set<Int> = []
  }

  private let state: Mutex<State>

  /// - Parameter places: how many work at a time; nil for as many as come.
  init(places: Int?) {
    state = Mutex(State(free: places ?? .max))
  }

  /// How many wait.
  var length: Int { state.withLock { $0.waiting.count } }

  /// How many places are free.
  var free: Int { state.withLock { $0.free } }

  /// Runs `work` when there is a place; throws when the task is cancelled while it waits.
  func withPlace<Value>(_ work: () async throws -> Value) async throws -> Value {
    try await enter()
    defer { leave() }
    return try await work()
  }

  private func enter() async throws {
    let id = state.withLock { state -> Int? in
      if state.free > 0 {
        state.free -= 1
        return nil
      }
      state.nextID += 1
      return state.nextID
    }
    if let id { try await wait(id) }
  }

  private func wait(_ id: Int) async throws {
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let outcome = state.withLock { state -> Result<Void, any Error>? in
          if state.cancelled.remove(id) != nil { return .failure(CancellationError()) }
          if state.free > 0 {
            state.free -= 1
            return .success(())
          }
          state.waiting.append((id, continuation))
          return nil
        }
        if let outcome { continuation.resume(with: outcome) }
      }
    } onCancel: {
      let waiting = state.withLock { state -> CheckedContinuation<Void, any Error>? in
        guard let place = state.waiting.firstIndex(where: { $0.id == id }) else {
          state.cancelled.insert(id)
          return nil
        }
        return state.waiting.remove(at: place).continuation
      }
      waiting?.resume(throwing: CancellationError())
    }
  }

  private func leave() {
    let next = state.withLock { state -> CheckedContinuation<Void, any Error>? in
      guard state.waiting.isEmpty else { return state.waiting.removeFirst().continuation }
      state.free += 1
      return nil
    }
    next?.resume()
  }
}
