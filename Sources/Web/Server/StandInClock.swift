import Foundation

/// The time as the stand-in sees it, so that tests need not wait.
struct StandInClock: Sendable {
  /// Seconds since 1970.
  var now: @Sendable () -> Double
  /// Waits this many seconds; throws when the task is cancelled.
  var sleep: @Sendable (Double) async throws -> Void

  static let system = StandInClock(
    now: { Date().timeIntervalSince1970 }, sleep: { try await Task.sleep(for: .seconds($0)) })
}
