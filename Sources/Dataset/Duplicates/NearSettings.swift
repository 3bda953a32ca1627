/// What makes two texts nearly the same, and how such pairs are looked for.
///
/// Texts are sets of runs of `shingle` characters; their similarity is that of Jaccard. MinHash (Broder 1997) finds
/// candidates: a text has `bands` keys, each made of `rows` smallest hashes, and two texts whose similarity is s share
/// at least one key with probability 1 - (1 - s^rows)^bands. Candidates are then compared for real.
public struct NearSettings: Sendable, Equatable, Codable {
  /// Characters of a shingle.
  public var shingle: Int
  /// Pairs at least this similar are near-duplicates, 0...1.
  public var similarity: Double
  public var bands: Int
  public var rows: Int

  /// The defaults are measured on short questions: see `docs/duplicates.md`.
  public init(shingle: Int = 4, similarity: Double = 0.85, bands: Int = 26, rows: Int = 8) {
    precondition(shingle >= 1 && bands >= 1 && rows >= 1, "A search has shingles, bands and rows.")
    self.shingle = shingle
    self.similarity = similarity
    self.bands = bands
    self.rows = rows
  }

  /// The share of pairs of this similarity that become candidates.
  public func recall(at similarity: Double) -> Double {
    var share = 1.0
    for _ in 0..<rows { share *= similarity }
    var missed = 1.0
    for _ in 0..<bands { missed *= 1 - share }
    return 1 - missed
  }

  /// Changes with what a signature is made of, so that stored ones are known to fit.
  public var signatureKey: String { "1 shingle \(shingle) bands \(bands) rows \(rows)" }
}
