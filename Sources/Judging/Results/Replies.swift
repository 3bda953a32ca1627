import Dataset
import Evaluation
import Synchronization

/// Names an ask among those of a run.
struct AskKey: Hashable {
  var id: String
  var order: [Int]
}

extension AskKey {
  init(_ ask: Ask) { self.init(id: ask.item.id, order: ask.order.places) }
}

/// The replies of a run so far.
final class Replies: Sendable {
  private let replies: Mutex<[AskKey: Reply]>

  init(_ known: [(AskKey, Reply)]) {
    replies = Mutex(Dictionary(known, uniquingKeysWith: { first, _ in first }))
  }

  subscript(key: AskKey) -> Reply? { replies.withLock { $0[key] } }

  /// Returns how many there are now.
  func add(_ reply: Reply, for key: AskKey) -> Int {
    replies.withLock {
      $0[key] = reply
      return $0.count
    }
  }
}
