import Foundation
import Synchronization

/// Runs a training on a thread of its own, for it blocks; cancelling the task asks it to stop.
public enum TrainingThread {
  public static func run<Value: Sendable>(
    _ body: @escaping @Sendable (_ isCancelled: @escaping @Sendable () -> Bool) throws -> Value
  ) async throws -> Value {
    let flag = CancellationFlag()
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let thread = Thread {
          continuation.resume(with: Result { try body { flag.isSet } })
        }
        thread.name = "earshot.training"
        // Layers recompute themselves inside of each other's closures.
        thread.stackSize = 64 << 20
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
