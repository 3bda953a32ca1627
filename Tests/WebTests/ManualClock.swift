import Synchronization

@testable import Web

/// A clock that stands still until told. Those who sleep by it wake at once; how long they meant to is kept.
final class ManualClock: Sendable {
  private let state: Mutex<(now: Double, slept: [Double])>

  init(_ now: Double = 784_111_777) {
    state = Mutex((now, []))
  }

  func advance(by seconds: Double) {
    state.withLock { $0.now += seconds }
  }

  /// What was asked of `sleep`, in order.
  var slept: [Double] { state.withLock { $0.slept } }

  var clock: StandInClock {
    StandInClock(
      now: { [self] in state.withLock { $0.now } },
      sleep: { [self] seconds in state.withLock { $0.slept.append(seconds) } })
  }
}
