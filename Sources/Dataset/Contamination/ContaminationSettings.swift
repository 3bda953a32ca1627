/// What counts as a match with a test set.
public struct ContaminationSettings: Sendable, Equatable {
  /// Words of a run that no two sets have by chance; 13 as in GPT-3's appendix C (Brown et al. 2020, arXiv 2005.14165).
  public var words: Int
  /// A run that more items or more questions have is a phrase, not a match; 10 as there.
  public var phrase: Int
  public var near: NearSettings

  public init(words: Int = 13, phrase: Int = 10, near: NearSettings = NearSettings()) {
    precondition(words >= 1 && phrase >= 1, "A run has words, and a match happens once at least.")
    self.words = words
    self.phrase = phrase
    self.near = near
  }
}
