/// Questions that were put together, and which of them stay.
public struct DuplicateCluster: Sendable, Equatable {
  public enum Kind: String, Sendable, CaseIterable, Codable {
    /// They ask nearly the same of one sound, or of clips whose sound is the same.
    case sound
    /// Stem and choices are nearly the same, about different sounds.
    case wording
    /// The stem is the same but for case and punctuation, about different sounds.
    case stem
    /// They mean nearly the same, and are about one sound.
    case meaning
  }

  public struct Member: Sendable, Equatable {
    /// Its number in the search.
    public var question: Int
    /// To the cluster's first question, 0...1.
    public var similarity: Double
    /// Why it goes; nil where it stays.
    public var code: ReasonCode?

    public init(question: Int, similarity: Double, code: ReasonCode? = nil) {
      self.question = question
      self.similarity = similarity
      self.code = code
    }
  }

  public var kind: Kind
  /// The first one gives the cluster its name and always stays.
  public var members: [Member]

  public init(kind: Kind, members: [Member]) {
    self.kind = kind
    self.members = members
  }

  public var losers: Int { members.count { $0.code != nil } }
}
