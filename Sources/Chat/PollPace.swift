/// How long to wait before asking again how batches stand: longer and longer while nothing changes, and no shorter than
/// the endpoint asks for.
public struct PollPace: Sendable {
  /// Seconds above which our own intervals do not go.
  public let longest: Double
  private var interval: Double
  private static let shortest = 2.0
  private static let growth = 1.5

  public init(longest: Double) {
    self.longest = longest
    interval = min(Self.shortest, longest)
  }

  /// Seconds until the next look. `changed`: a batch is in another state than at the last one. `advice` is what the
  /// endpoint asks for, where it does.
  public mutating func wait(changed: Bool, advice: Double?) -> Double {
    interval = changed ? min(Self.shortest, longest) : interval
    defer { interval = min(longest, interval * Self.growth) }
    return max(interval, advice ?? 0)
  }
}
