/// Questions of one clip that ask the same.
public enum NearDuplicates {
  /// A question that goes, and the earlier one that stays.
  public struct Duplicate: Sendable, Equatable {
    public var loser: Int
    public var survivor: Int
    /// Jaccard similarity of stem and answer, 0...1.
    public var similarity: Double
    /// Whether stem and choices are the same but for case, punctuation and the order of the choices.
    public var isExact: Bool

    public init(loser: Int, survivor: Int, similarity: Double, isExact: Bool) {
      self.loser = loser
      self.survivor = survivor
      self.similarity = similarity
      self.isExact = isExact
    }
  }

  /// The words of a stem, in small letters, with one space between them.
  public static func normalisedStem(_ stem: String) -> String { normalised(stem) }

  /// A key that is equal for questions with the same normalised stem and the same choices in any order.
  public static func exactKey(_ question: WrittenQuestion) -> String {
    let choices = question.choices.map(normalised).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    return ContentID.make(domain: "earshot question key 1", [normalised(question.stem)] + choices)
  }

  /// The duplicates among the questions of one clip, in their order.
  ///
  /// Each question is held against the earlier ones that stay. It goes if one of them has its key, or else if the most
  /// similar of them, the earliest of equals, reaches `threshold`: the Jaccard similarity of the sets of 4-character
  /// shingles of stem and answer.
  public static func duplicates(in questions: [WrittenQuestion], threshold: Double) -> [Duplicate] {
    var found: [Duplicate] = []
    var kept: [(index: Int, shingles: Set<[UInt8]>)] = []
    var keys: [String: Int] = [:]
    for (index, question) in questions.enumerated() {
      let own = shingles(of: normalised(question.stem) + " " + normalised(question.correct))
      let key = exactKey(question)
      if let survivor = keys[key] {
        let similarity = kept.first { $0.index == survivor }.map { jaccard($0.shingles, own) } ?? 1
        found.append(Duplicate(loser: index, survivor: survivor, similarity: similarity, isExact: true))
        continue
      }
      var nearest = (index: 0, similarity: -1.0)
      for (index, shingles) in kept {
        let similarity = jaccard(shingles, own)
        if similarity > nearest.similarity { nearest = (index, similarity) }
      }
      if nearest.similarity >= threshold {
        found.append(
          Duplicate(loser: index, survivor: nearest.index, similarity: nearest.similarity, isExact: false))
      } else {
        kept.append((index, own))
        keys[key] = index
      }
    }
    return found
  }

  /// The sets' intersection over their union.
  static func jaccard(_ one: Set<[UInt8]>, _ other: Set<[UInt8]>) -> Double {
    let shared = one.intersection(other).count
    return Double(shared) / Double(max(1, one.count + other.count - shared))
  }

  /// All runs of 4 characters, as UTF-8; a shorter text is its own only shingle.
  static func shingles(of text: String) -> Set<[UInt8]> {
    let scalars = text.unicodeScalars.map { Array(String(Character($0)).utf8) }
    guard scalars.count >= 4 else { return [Array(text.utf8)] }
    return Set((0...(scalars.count - 4)).map { Array(scalars[$0..<($0 + 4)].joined()) })
  }

  /// A text with no words stands for itself.
  private static func normalised(_ text: String) -> String {
    let found = words(in: text)
    if found.isEmpty { return trimmed(text).lowercased() }
    return String(decoding: Array(found.map(\.utf8).joined(separator: [0x20])), as: UTF8.self)
  }
}
