/// How many questions of a set may share a wording, where they are about different sounds: then a repeated wording is no
/// mistake, and too many of one make a set poor.
public struct WordingLimit: Sendable, Equatable, Codable {
  /// The share of the set that one wording may be; nil for no limit.
  public var share: Double?
  /// This many are allowed in any case.
  public var least: Int

  public init(share: Double?, least: Int) {
    self.share = share
    self.least = least
  }

  /// The most questions of one wording in a set of `count`; nil for no limit.
  public func most(of count: Int) -> Int? { share.map { max(least, Int(($0 * Double(count)).rounded(.down))) } }
}
