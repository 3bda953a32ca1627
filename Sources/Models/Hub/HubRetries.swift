import Foundation

/// How failed attempts are spaced.
struct HubPacing: Sendable {
  /// Attempts in a row that bring nothing new.
  var attempts = 6
  /// Attempts for one file in all.
  var attemptsInAll = 200
  /// Seconds before the second attempt, at most; each further one waits twice as long.
  var base = 1.0
  /// Seconds above which no wait of our own goes.
  var cap = 30.0
  /// Seconds above which a wait that the server asks for ends the pull.
  var longestPause = 300.0
  /// A number in 0..<1 for each wait, so that many clients do not wait in step.
  var jitter: @Sendable () -> Double = { Double.random(in: 0..<1) }
  /// Waits this many seconds; throws when the task is cancelled.
  var sleep: @Sendable (Double) async throws -> Void = { try await Task.sleep(for: .seconds($0)) }

  func withAttempts(_ attempts: Int) -> HubPacing {
    var pacing = self
    pacing.attempts = attempts
    return pacing
  }

  /// Seconds to wait after the `failures`th failure in a row: half fixed, half chance.
  func wait(afterFailures failures: Int) -> Double {
    min(cap, base * exp2(Double(min(failures, 60) - 1))) * (0.5 + 0.5 * jitter())
  }
}

/// Counts the attempts at one thing.
struct HubRetries {
  private let pacing: HubPacing
  private var failures = 0
  private var failuresInAll = 0

  init(_ pacing: HubPacing) { self.pacing = pacing }

  /// Seconds to wait before the next attempt; throws `error` when there have been enough.
  mutating func wait(asked: Double?, after error: HubError, madeProgress: Bool = false) throws(HubError) -> Double {
    failures = madeProgress ? 1 : failures + 1
    failuresInAll += 1
    guard failures < pacing.attempts, failuresInAll < pacing.attemptsInAll else { throw error }
    guard let asked else { return pacing.wait(afterFailures: failures) }
    guard asked <= pacing.longestPause else { throw error }
    return max(asked, pacing.wait(afterFailures: failures))
  }
}
