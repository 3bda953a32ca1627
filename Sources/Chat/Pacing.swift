import Foundation

/// How failed attempts are spaced.
public struct Pacing: Sendable {
  /// Seconds before the second attempt, at most; each further one waits twice as long.
  public var base: Double
  /// Seconds above which no wait of our own goes.
  public var cap: Double
  /// Seconds above which a wait that the endpoint asks for ends the request.
  public var longestPause: Double
  /// How often one request accepts being told to wait (429 or 503 with Retry-After); such answers are no failed
  /// attempts.
  public var maximumPauses: Int
  /// A number in 0..<1 for each wait, so that many clients do not wait in step.
  public var jitter: @Sendable () -> Double
  /// Seconds of a clock that never jumps.
  public var now: @Sendable () -> Double
  /// Seconds since 1970, for dates in headers.
  public var secondsSince1970: @Sendable () -> Double
  /// Waits this many seconds; throws when the task is cancelled.
  public var sleep: @Sendable (Double) async throws -> Void

  public init(base: Double = 0.5, cap: Double = 60, longestPause: Double = 3600, maximumPauses: Int = 50) {
    self.base = base
    self.cap = cap
    self.longestPause = longestPause
    self.maximumPauses = maximumPauses
    let start = ContinuousClock.now
    jitter = { Double.random(in: 0..<1) }
    now = { (ContinuousClock.now - start) / .seconds(1) }
    secondsSince1970 = { Date().timeIntervalSince1970 }
    sleep = { try await Task.sleep(for: .seconds($0)) }
  }

  /// Seconds to wait after the `failures`th failure: half fixed, half chance.
  func wait(afterFailures failures: Int) -> Double {
    let longest = min(cap, base * exp2(Double(min(failures, 60) - 1)))
    return longest * (0.5 + 0.5 * jitter())
  }
}
