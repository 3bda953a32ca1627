import Chat
import Synchronization

/// A clock that moves only when somebody sleeps, and then at once.
final class TestClock: Sendable {
  private let state = Mutex((now: 1000.0, slept: [Double]()))

  /// How long each sleep was, in order.
  var slept: [Double] { state.withLock { $0.slept } }

  /// No jitter: a chance of 0.
  func pacing(maximumPauses: Int = 50, secondsSince1970: Double = 0) -> Pacing {
    var pacing = Pacing(base: 0.5, cap: 60, longestPause: 3600, maximumPauses: maximumPauses)
    pacing.jitter = { 0 }
    pacing.now = { self.state.withLock { $0.now } }
    pacing.secondsSince1970 = { secondsSince1970 }
    pacing.sleep = { seconds in
      try Task.checkCancellation()
      self.state.withLock { $0 = ($0.now + seconds, $0.slept + [seconds]) }
    }
    return pacing
  }
}
