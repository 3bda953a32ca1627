/// A row of a file of questions or answers that cannot be used, and why.
public struct RefusedRow: Sendable, Equatable {
  /// Counted from 1.
  public var line: Int
  /// No capital, no full stop.
  public var reason: String

  public init(line: Int, reason: String) {
    self.line = line
    self.reason = reason
  }
}

extension DatasetError {
  /// Of a file without a row that can be used: it names the first of those refused.
  static func noUsableRow(path: String, refused: [RefusedRow]) -> DatasetError {
    guard let first = refused.first else { return .badText(path: path, line: 1, reason: "the file holds no rows") }
    return .badText(path: path, line: first.line, reason: "\(first.reason); no row of the file can be used")
  }
}
