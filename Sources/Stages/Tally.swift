import Synchronization

/// Counts by reason, from several threads.
final class Tally: Sendable {
  private let state = Mutex<[String: Int]>([:])

  func add(_ reason: String, _ count: Int = 1) {
    state.withLock { $0[reason, default: 0] += count }
  }

  /// The most frequent first; at most ten.
  var counts: [(reason: String, count: Int)] {
    state.withLock { $0 }.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(10).map { ($0.key, $0.value) }
  }

  var total: Int {
    state.withLock { $0.values.reduce(0, +) }
  }
}
