import Foundation
import Synchronization

/// Runs what blocks on a thread of its own; cancelling the task asks it to stop.
enum AnsweringThread {
  static func run(_ body: @escaping @Sendable (_ isCancelled: @escaping @Sendable () -> Bool) throws -> Void)
    async throws
  {
    let flag = CancellationFlag()
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
        let thread = Thread { continuation.resume(with: Result { try body { flag.isSet } }) }
        thread.name = "earshot.answering"
        thread.stackSize = 16 << 20
        thread.start()
      }
    } onCancel: {
      flag.set()
    }
  }
}

private final class CancellationFlag: Sendable {
  private let value = Atomic(false)

  var isSet: Bool { value.load(ordering: .relaxed) }
  func set() { value.store(true, ordering: .relaxed) }
}
