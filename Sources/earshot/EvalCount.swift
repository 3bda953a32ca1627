import Synchronization

/// Turns how much is done to how much came since.
final class EvalCount: Sendable {
  private let done = Mutex<Int?>(nil)

  func step(to now: Int) -> (count: Int, isFirst: Bool) {
    done.withLock { done in
      defer { done = max(done ?? 0, now) }
      return (max(0, now - (done ?? 0)), done == nil)
    }
  }
}
