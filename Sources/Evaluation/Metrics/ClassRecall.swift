/// How well single labels are told, class by class: WAR and UAR, as in R1-Omni's tables, from 0 to 1.
///
/// Equal to scikit-learn's `recall_score`, weighted and macro, over the classes that occur in the truth. A prediction
/// that is no such class is a miss. Labels are equal where their code points are.
public struct ClassRecall: Sendable, Equatable {
  /// A field of the confusion matrix.
  public struct Cell: Sendable, Equatable {
    public let truth: String
    public let prediction: String
    public let count: Int
  }

  private var counts: [CodePoints: [CodePoints: Int]] = [:]

  /// Nothing compared yet.
  public init() {}

  public mutating func add(truth: String, prediction: String) {
    counts[CodePoints(truth.unicodeScalars), default: [:]][CodePoints(prediction.unicodeScalars), default: 0] += 1
  }

  /// The classes of the truth, by code points.
  public var classes: [String] { sorted(counts.keys).map { String($0) } }

  /// The fields of the confusion matrix that are not 0, by truth and then by prediction.
  public var confusion: [Cell] {
    sorted(counts.keys).flatMap { truth in
      let row = counts[truth] ?? [:]
      return sorted(row.keys).map { Cell(truth: String(truth), prediction: String($0), count: row[$0] ?? 0) }
    }
  }

  /// The share of a class' items that are told right; nil for what is no class of the truth.
  public func recall(of label: String) -> Double? {
    let truth = CodePoints(label.unicodeScalars)
    return counts[truth].map { recall(of: truth, in: $0) }
  }

  /// WAR, the recall averaged by the size of the classes, which is the share of all items told right; nil without items.
  public var weighted: Double? {
    guard !counts.isEmpty else { return nil }
    let right = counts.reduce(0) { $0 + ($1.value[$1.key] ?? 0) }
    return Double(right) / Double(counts.values.reduce(0) { $0 + $1.values.reduce(0, +) })
  }

  /// UAR, the recall averaged over classes, each counting the same; nil without items.
  public var unweighted: Double? {
    guard !counts.isEmpty else { return nil }
    // In one order, as sums of floating point depend on it.
    let sum = sorted(counts.keys).reduce(0.0) { $0 + recall(of: $1, in: counts[$1] ?? [:]) }
    return sum / Double(counts.count)
  }

  private func recall(of truth: CodePoints, in row: [CodePoints: Int]) -> Double {
    Double(row[truth] ?? 0) / Double(row.values.reduce(0, +))
  }

  private func sorted(_ labels: some Sequence<CodePoints>) -> [CodePoints] {
    labels.sorted { $0.lexicographicallyPrecedes($1) }
  }
}
