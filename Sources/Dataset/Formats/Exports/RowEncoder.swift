/// Makes a file's bytes from rows, one row in memory at a time or one group of them.
public protocol RowEncoder {
  /// What the file begins with.
  mutating func begin() -> [UInt8]
  /// What a row adds now; may be nothing, where rows are gathered.
  mutating func add(_ row: SetRow) throws(DatasetError) -> [UInt8]
  /// What the file ends with.
  mutating func end() -> [UInt8]
  /// Whether the next row belongs into another file.
  var isFull: Bool { get }
}

extension RowEncoder {
  public var isFull: Bool { false }
}

/// A JSON text on each line.
public struct LineEncoder: RowEncoder {
  private let line: @Sendable (SetRow) throws(DatasetError) -> String

  public init(_ line: @escaping @Sendable (SetRow) throws(DatasetError) -> String) { self.line = line }

  public mutating func begin() -> [UInt8] { [] }
  public mutating func add(_ row: SetRow) throws(DatasetError) -> [UInt8] { Array((try line(row) + "\n").utf8) }
  public mutating func end() -> [UInt8] { [] }
}

/// A JSON list with an element on each line.
public struct ListEncoder: RowEncoder {
  private let element: @Sendable (SetRow) -> String
  private var isFirst = true

  public init(_ element: @escaping @Sendable (SetRow) -> String) { self.element = element }

  public mutating func begin() -> [UInt8] { Array("[".utf8) }

  public mutating func add(_ row: SetRow) -> [UInt8] {
    let text = (isFirst ? "\n" : ",\n") + element(row)
    isFirst = false
    return Array(text.utf8)
  }

  public mutating func end() -> [UInt8] { Array("\n]\n".utf8) }
}
