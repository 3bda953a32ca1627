/// How the stand-in endpoint's Batch API behaves.
///
/// A batch goes validating → in_progress → finalizing → completed, or to failed, expired or cancelled. It takes a step
/// when it is asked about, or as time passes, so a client's patience can be tried without waiting.
public struct StandInBatches: Sendable, Equatable {
  /// What moves a batch on by a step.
  public enum Pace: Sendable, Equatable {
    /// So many requests for its state.
    case polls(Int)
    /// So many seconds.
    case seconds(Double)
  }

  public var pace = Pace.polls(1)
  /// Steps from the first answer to the last.
  public var workingSteps = 2
  /// Where a batch expires: the share of its requests that are answered by then, 0...1.
  public var expiresAfter: Double?
  /// Orders the lines of the output.
  public var seed: UInt64 = 0
  /// Longest file that is taken, bytes.
  public var largestFile = 200 << 20
  /// Most requests in a batch.
  public var mostRequests = 50_000

  /// A step a poll, and no batch expires.
  public init() {}
}
