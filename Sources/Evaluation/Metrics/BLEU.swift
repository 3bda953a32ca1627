import Foundation

/// The BLEU score of a corpus (Papineni et al., ACL 2002), from 0 to 100, as sacrebleu 2.6 gives it under its default
/// signature: mixed case, orders 1 to 4, exponential smoothing (Chen and Cherry, WMT 2014, method 3).
public struct BLEU: Sendable, Equatable {
  public static let orders = 4

  public let tokenizer: BLEUTokenizer
  /// The n-grams of the hypotheses that a reference has too, of order 1 to 4.
  public private(set) var matches = Array(repeating: 0, count: orders)
  /// All n-grams of the hypotheses.
  public private(set) var totals = Array(repeating: 0, count: orders)
  /// Tokens of the hypotheses, and of the reference nearest in length to each.
  public private(set) var hypothesisLength = 0
  public private(set) var referenceLength = 0

  /// Nothing compared yet.
  public init(tokenizer: BLEUTokenizer) { self.tokenizer = tokenizer }

  /// Counts a translation against its references. Without a reference nothing of it matches, and none is too short.
  public mutating func add(_ hypothesis: String, references: [String]) {
    var codes: [CodePoints: Int32] = [:]
    func coded(_ text: String) -> [Int32] {
      tokenizer.tokens(text).map { token in
        let code = codes[token, default: Int32(truncatingIfNeeded: codes.count)]
        codes[token] = code
        return code
      }
    }
    let tokens = coded(hypothesis)
    let others = references.map(coded)
    let most = others.reduce(into: [:]) { $0.merge(Self.nGrams(of: $1)) { max($0, $1) } }
    for (nGram, count) in Self.nGrams(of: tokens) {
      totals[nGram.order - 1] += count
      matches[nGram.order - 1] += min(count, most[nGram] ?? 0)
    }
    hypothesisLength += tokens.count
    referenceLength += others.map(\.count).min { Self.isNearer($0, $1, to: tokens.count) } ?? 0
  }

  /// Adds what was counted over other texts, under the same tokenizer.
  public static func += (sum: inout BLEU, other: BLEU) {
    for order in 0..<orders {
      sum.matches[order] += other.matches[order]
      sum.totals[order] += other.totals[order]
    }
    sum.hypothesisLength += other.hypothesisLength
    sum.referenceLength += other.referenceLength
  }

  /// The matches among the n-grams in percent, for orders 1 to 4, smoothed where there is none.
  public var precisions: [Double] {
    var precisions = Array(repeating: 0.0, count: Self.orders)
    guard matches.contains(where: { $0 > 0 }) else { return precisions }
    var smoothing = 1.0
    for order in precisions.indices where totals[order] > 0 {
      if matches[order] == 0 { smoothing *= 2 }
      let counted = matches[order] == 0 ? 1 / smoothing : Double(matches[order])
      precisions[order] = 100 * counted / Double(totals[order])
    }
    return precisions
  }

  /// Below 1 where the hypotheses are shorter than their references.
  public var brevityPenalty: Double {
    guard hypothesisLength < referenceLength else { return 1 }
    return hypothesisLength == 0 ? 0 : exp(1 - Double(referenceLength) / Double(hypothesisLength))
  }

  /// 0 where an order has no n-grams at all, so for a corpus without a text of four tokens.
  public var score: Double {
    let precisions = precisions
    guard precisions.allSatisfy({ $0 > 0 }) else { return 0 }
    return brevityPenalty * exp(precisions.reduce(0) { $0 + log($1) } / Double(Self.orders))
  }

  /// What sacrebleu prints beside such a score, but for its version and number of references.
  public var signature: String { "case:mixed|eff:no|tok:\(tokenizer.rawValue)|smooth:exp" }

  private static func isNearer(_ left: Int, _ right: Int, to length: Int) -> Bool {
    (abs(left - length), left) < (abs(right - length), right)
  }

  private struct NGram: Hashable {
    /// The codes of its tokens, and -1 behind the last.
    var first: Int32 = -1
    var second: Int32 = -1
    var third: Int32 = -1
    var fourth: Int32 = -1

    init(_ codes: ArraySlice<Int32>) {
      let start = codes.startIndex
      first = codes[start]
      if codes.count > 1 { second = codes[start + 1] }
      if codes.count > 2 { third = codes[start + 2] }
      if codes.count > 3 { fourth = codes[start + 3] }
    }

    var order: Int { second < 0 ? 1 : third < 0 ? 2 : fourth < 0 ? 3 : 4 }
  }

  private static func nGrams(of codes: [Int32]) -> [NGram: Int] {
    var counts: [NGram: Int] = [:]
    for start in codes.indices {
      for end in (start + 1)...Swift.min(start + orders, codes.count) {
        counts[NGram(codes[start..<end]), default: 0] += 1
      }
    }
    return counts
  }
}
