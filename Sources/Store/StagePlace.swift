/// Where a stage stands among the stages of its pipeline.
public struct StagePlace: Sendable, Equatable {
  public var name: String
  /// Counted from 0, in the order the stages run.
  public var position: Int
  /// The nearest earlier stage whose clips this one takes up, if any.
  public var upstream: String?
  /// The later stages, whose results are outdated by a new result of this one.
  public var followers: [String]

  public init(name: String, position: Int, upstream: String?, followers: [String]) {
    self.name = name
    self.position = position
    self.upstream = upstream
    self.followers = followers
  }
}
