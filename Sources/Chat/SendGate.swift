import Synchronization

/// Lets a bounded number of sends in, in the order they came, and holds all of them while the endpoint wants a pause.
final class SendGate: Sendable {
  private struct State {
    var free: Int
    var waiting: [(id: UInt64, then: CheckedContinuation<Bool, Never>)] = []
    var lastID: UInt64 = 0
    var pausedUntil = -Double.infinity
  }

  private let state: Mutex<State>

  init(width: Int) {
    state = Mutex(State(free: width))
  }

  /// Waits for a place; false when the task was cancelled before it got one. Who got in must `leave`.
  func enter() async -> Bool {
    let id = state.withLock { state in
      state.lastID += 1
      return state.lastID
    }
    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        queue(id, continuation)
        // A cancellation that came before the line above found nobody waiting.
        if Task.isCancelled { giveUp(id) }
      }
    } onCancel: {
      giveUp(id)
    }
  }

  func leave() {
    let next = state.withLock { state -> CheckedContinuation<Bool, Never>? in
      guard !state.waiting.isEmpty else {
        state.free += 1
        return nil
      }
      return state.waiting.removeFirst().then
    }
    next?.resume(returning: true)
  }

  /// Makes all sends wait until `instant`, unless they have to wait longer already.
  func pause(until instant: Double) {
    state.withLock { $0.pausedUntil = max($0.pausedUntil, instant) }
  }

  /// The end of the pause; in the past when there is none.
  var pausedUntil: Double { state.withLock { $0.pausedUntil } }

  /// How many wait for a place.
  var queueLength: Int { state.withLock { $0.waiting.count } }

  private func queue(_ id: UInt64, _ continuation: CheckedContinuation<Bool, Never>) {
    let isIn = state.withLock { state in
      guard state.free > 0 else {
        state.waiting.append((id, continuation))
        return false
      }
      state.free -= 1
      return true
    }
    if isIn { continuation.resume(returning: true) }
  }

  private func giveUp(_ id: UInt64) {
    let waiting = state.withLock { state -> CheckedContinuation<Bool, Never>? in
      guard let index = state.waiting.firstIndex(where: { $0.id == id }) else { return nil }
      return state.waiting.remove(at: index).then
    }
    waiting?.resume(returning: false)
  }
}
