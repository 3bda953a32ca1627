import Synchronization

/// Which batches somebody in this process looks after: each batch has one who does.
final class BatchClaims: Sendable {
  private let claimed = Mutex<Set<Int64>>([])

  /// False where another one has it.
  func claim(_ batch: Int64) -> Bool { claimed.withLock { $0.insert(batch).inserted } }

  func release(_ batch: Int64) { claimed.withLock { _ = $0.remove(batch) } }
}
