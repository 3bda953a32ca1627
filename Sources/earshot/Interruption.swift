import Foundation
import Synchronization

/// Ctrl-C and SIGTERM: the first asks the work to stop at the next safe point, the second ends the process.
enum Interruption {
  /// Runs `work` so that a signal cancels it; throws `CancellationError` then. `note` shows what the user should know.
  static func watching<Value: Sendable>(
    note: @escaping @Sendable (String) -> Void = { printNote("\n" + $0) },
    _ work: sending @escaping () async throws -> Value
  ) async throws -> Value {
    let task = Task { try await work() }
    let sources = watch {
      note("Stopping after what is under way. Press Ctrl-C again to stop at once.")
      task.cancel()
    }
    defer {
      for source in sources { source.cancel() }
    }
    return try await task.value
  }

  private static func watch(_ cancel: @escaping @Sendable () -> Void) -> [any DispatchSourceSignal] {
    let signals = Counter()
    return [SIGINT, SIGTERM].map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler {
        if signals.next() > 1 { _exit(130) }
        cancel()
      }
      source.activate()
      return source
    }
  }
}

private final class Counter: Sendable {
  private let value = Atomic(0)

  func next() -> Int {
    value.add(1, ordering: .relaxed).newValue
  }
}
