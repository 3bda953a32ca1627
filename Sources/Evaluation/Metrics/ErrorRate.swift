/// The word or character error rate: the fewest edits that make references of hypotheses, over the units of the
/// references. Counts add up, so that the rate of a corpus is that of the sum and not a mean of rates.
///
/// Hits, substitutions, deletions, insertions and the rate are those of jiwer 4.0. Units are equal where their code
/// points are; nothing is normalized here.
public struct ErrorRate: Sendable, Equatable {
  public private(set) var hits = 0
  public private(set) var substitutions = 0
  public private(set) var deletions = 0
  public private(set) var insertions = 0

  /// The most units of either side; two such texts without a likeness take some ten seconds.
  public static let mostUnits = 500_000

  /// Nothing compared yet.
  public init() {}

  /// The counts for one text given as units.
  public init(reference: [String], hypothesis: [String]) throws(EvaluationError) {
    try self.init(
      reference.map { CodePoints($0.unicodeScalars) }, hypothesis.map { CodePoints($0.unicodeScalars) })
  }

  private init<Unit: Hashable>(_ reference: [Unit], _ hypothesis: [Unit]) throws(EvaluationError) {
    guard max(reference.count, hypothesis.count) <= Self.mostUnits else {
      throw .tooLong(reference: reference.count, hypothesis: hypothesis.count, most: Self.mostUnits)
    }
    let alignment = EditAlignment(UnitCodes(reference: reference, hypothesis: hypothesis))
    substitutions = alignment.substitutions
    deletions = alignment.deletions
    insertions = alignment.insertions
    hits = reference.count - substitutions - deletions
  }

  /// The counts for the words of two texts.
  ///
  /// As in jiwer, words stand between spaces and runs of white space: a tab or line break alone does not part them.
  public static func words(reference: String, hypothesis: String) throws(EvaluationError) -> ErrorRate {
    try ErrorRate(words(of: reference), words(of: hypothesis))
  }

  /// The counts for the code points of two texts, without the white space at their ends.
  public static func characters(reference: String, hypothesis: String) throws(EvaluationError) -> ErrorRate {
    try ErrorRate(trimmed(reference), trimmed(hypothesis))
  }

  public static func += (sum: inout ErrorRate, other: ErrorRate) {
    sum.hits += other.hits
    sum.substitutions += other.substitutions
    sum.deletions += other.deletions
    sum.insertions += other.insertions
  }

  public var errors: Int { substitutions + deletions + insertions }

  /// The units of the references.
  public var referenceUnits: Int { hits + substitutions + deletions }

  /// Errors per unit of the references, which can be more than 1. Where these have no units it is the number of
  /// insertions, as in jiwer: 0 for empty hypotheses too.
  public var rate: Double {
    referenceUnits == 0 ? Double(insertions) : Double(errors) / Double(referenceUnits)
  }

  private static func words(of text: String) -> [CodePoints] {
    let points = trimmed(text)
    var words: [CodePoints] = []
    var word = CodePoints()
    for (index, point) in points.enumerated() {
      let isBeside =
        index > 0 && points[index - 1].isWhiteSpace || index + 1 < points.count && points[index + 1].isWhiteSpace
      if point == " " || point.isWhiteSpace && isBeside {
        if !word.isEmpty { words.append(word) }
        word.removeAll(keepingCapacity: true)
      } else {
        word.append(point)
      }
    }
    return word.isEmpty ? words : words + [word]
  }

  private static func trimmed(_ text: String) -> CodePoints {
    let points = CodePoints(text.unicodeScalars.drop(while: \.isWhiteSpace))
    return CodePoints(points[...(points.lastIndex { !$0.isWhiteSpace } ?? -1)])
  }
}
