/// Answers that were made elsewhere, by item: JSON lines or a JSON list of rows with an id and a prediction under one of
/// the test sets' keys, or under `prediction`, `output`, `response` or `answer`.
public struct PredictionFile: Sendable {
  /// What one row says.
  public struct Prediction: Sendable, Equatable {
    public var id: String
    /// As it stands; may be empty.
    public var text: String
    public var line: Int

    public init(id: String, text: String, line: Int) {
      self.id = id
      self.text = text
      self.line = line
    }
  }

  /// Predictions laid over the items of a test set.
  public struct Match: Sendable, Equatable {
    /// By the items' order; nil where there is no prediction.
    public var texts: [String?]
    /// Ids of predictions that belong to no item, in the order of the file.
    public var unknown: [String]
    /// Ids of items without a prediction, in their order.
    public var missing: [String]
  }

  public let path: String
  /// In the order of the file; each id once.
  public private(set) var predictions: [Prediction] = []
  public private(set) var refused: [RefusedRow] = []

  static let ids = ["id", "uniq_id", "question_id", "uid"]
  static let names = RowMembers.predictions + ["output", "response"]

  /// Reads a file whole; the predictions stand under `key` where it is given. Rows without an id or a prediction, and
  /// those with an id that came before, are listed in `refused`. Throws for a file that cannot be read to its end, and
  /// for one without a prediction.
  public static func read(path: String, key: String? = nil) throws(DatasetError) -> PredictionFile {
    var rows = try JSONRows(path: path)
    var file = PredictionFile(path: path)
    var lines: [String: Int] = [:]
    while let row = try rows.next() {
      guard file.predictions.count < BenchmarkFile.mostItems else {
        throw .badText(path: path, line: 1, reason: "more than \(BenchmarkFile.mostItems) rows; split the file")
      }
      switch row {
      case .refused(let line, let reason): file.refused.append(RefusedRow(line: line, reason: reason))
      case .value(let value, let line): file.add(value, line: line, key, &lines)
      }
    }
    guard !file.predictions.isEmpty else { throw .noUsableRow(path: path, refused: file.refused) }
    return file
  }

  /// The predictions for `items`.
  public func match(_ items: [BenchmarkItem]) -> Match {
    let texts = Dictionary(predictions.map { ($0.id, $0.text) }, uniquingKeysWith: { first, _ in first })
    let known = Set(items.map(\.id))
    return Match(
      texts: items.map { texts[$0.id] }, unknown: predictions.map(\.id).filter { !known.contains($0) },
      missing: items.map(\.id).filter { texts[$0] == nil })
  }

  private init(path: String) { self.path = path }

  private mutating func add(_ row: JSONValue, line: Int, _ key: String?, _ lines: inout [String: Int]) {
    do throws(RowProblem) {
      guard case .object = row else { throw RowProblem(reason: "the row is \(row.kind), not an object") }
      let members = RowMembers(row)
      guard let id = try members.text(Self.ids) else { throw RowProblem(reason: "'id' is missing") }
      guard id.utf8.count <= BenchmarkFile.longestID else {
        throw RowProblem(reason: "the id has more than \(BenchmarkFile.longestID) bytes")
      }
      let keys = key.map { [$0] } ?? Self.keys(members)
      guard let text = try members.prediction(keys) else {
        let names = (key.map { [$0] } ?? Self.names).map { "'\($0)'" }
        let listed = names.count < 2 ? "" : names.dropLast().joined(separator: ", ") + " or "
        throw RowProblem(reason: "no prediction under \(listed + (names.last ?? ""))")
      }
      if let first = lines[id] { throw RowProblem(reason: "the id '\(shortened(id))' stands in line \(first) too") }
      lines[id] = line
      predictions.append(Prediction(id: id, text: text, line: line))
    } catch {
      refused.append(RefusedRow(line: line, reason: error.reason))
    }
  }

  /// In a row of a test set `answer` is what is right, not what was predicted.
  private static func keys(_ members: RowMembers) -> [String] {
    let isQuestion = members.first(["choices", "multi_choice", "choice_a", "question", "question_text"]) != nil
    return isQuestion ? names : names + ["answer"]
  }
}
