/// What the reference model says of pairs that come again from epoch to epoch: each is computed once.
///
/// Each in a pass of its own, so that the numbers do not depend on what is known already: a run that goes on from a
/// checkpoint, which knows nothing, makes the same steps to the bit.
final class PairReference {
  /// Log-probabilities, summed over the tokens.
  typealias Scores = (chosen: Double, rejected: Double)

  /// A row of the data, whose sound is always the same, and what is read and written behind it.
  private struct Pair: Hashable {
    var example: Int
    var tokens: Digest
  }

  /// In place of the tokens, which would take more room than the model.
  private struct Digest: Hashable {
    var first: UInt64
    var second: UInt64

    init(_ group: TokenGroup) {
      let words = ([group.prompt] + group.completions).flatMap { [$0.count] + $0 }
      (first, second) = words.withUnsafeBytes { (FeatureHash.of($0, seed: 1), FeatureHash.of($0, seed: 2)) }
    }
  }

  private var known: [Pair: Scores] = [:]
  /// Pairs that were computed.
  var count: Int { known.count }

  /// The scores of the row `example`'s pair; `compute` gets its group where they are not known.
  func scores(of group: PolicyGroup, example: Int, compute: (PolicyGroup) throws -> [[Double]]) rethrows -> Scores {
    let pair = Pair(example: example, tokens: Digest(group.tokens))
    if let scores = known[pair] { return scores }
    let scores = Self.scores(try compute(group)[...])
    known[pair] = scores
    return scores
  }

  /// Of the log-probabilities of a pair's two completions.
  static func scores(_ rows: ArraySlice<[Double]>) -> Scores {
    let sums = rows.map { $0.reduce(0, +) }
    precondition(sums.count == 2, "a pair of \(sums.count) completions")
    return (chosen: sums[0], rejected: sums[1])
  }
}
