/// 0 for a completion that stays clear of the longest length, falling to -1 at it: the soft overlong punishment of DAPO
/// (arXiv 2503.14476, eq. 13).
public struct LengthReward: Reward, Equatable {
  /// The last tokens over which it falls; `nil` for a fifth of the longest length, as in the paper.
  public var cache: Int?
  public var name: String { "length:overlong" + (cache.map { ":\($0)" } ?? "") }

  public init(cache: Int? = nil) {
    precondition(cache ?? 0 >= 0, "a cache of \(cache ?? 0) tokens")
    self.cache = cache
  }

  /// `nil` where no longest length is known.
  public func score(_ completion: RewardedCompletion) -> Double? {
    let longest = completion.maximumTokens
    guard longest > 0 else { return nil }
    let cache = min(cache ?? longest / 5, longest)
    let excess = completion.tokenCount - (longest - cache)
    guard excess > 0 else { return 0 }
    return excess >= cache ? -1 : -Double(excess) / Double(cache)
  }
}
