/// What hands out the entries of a manifest of one kind.
protocol ManifestSource {
  mutating func next() throws(DatasetError) -> ManifestEntry?
}

/// Rows of a CSV file, by its header or by VGGSound's columns.
struct TableSource: ManifestSource {
  private var records: CSVRecords
  private let row: ([String]) throws(RowProblem) -> ManifestRow
  private var first: CSVRecords.Record?

  /// `first` is a record that was read to find out what the file is, and is a row itself.
  init(
    _ records: CSVRecords, first: CSVRecords.Record? = nil,
    row: @escaping ([String]) throws(RowProblem) -> ManifestRow
  ) {
    self.records = records
    self.first = first
    self.row = row
  }

  mutating func next() throws(DatasetError) -> ManifestEntry? {
    var record = first.take()
    if record == nil { record = try records.next() }
    switch record {
    case nil: return nil
    case .refused(let line, let reason): return .refused(line: line, reason: reason)
    case .cells(let cells, let line):
      let row = row
      return ManifestEntry(Result { () throws(RowProblem) in try row(cells) }, line: line)
    }
  }
}

/// Objects on lines.
struct JSONLinesSource: ManifestSource {
  private var lines: TextLines
  private var first: (bytes: [UInt8], line: Int)?
  let isAVQA: Bool

  init(_ lines: TextLines) throws(DatasetError) {
    self.lines = lines
    first = try self.lines.next()
    isAVQA = first.flatMap { try? JSONParser.parse($0.bytes) }.map(ManifestObject.isAVQA) ?? false
  }

  mutating func next() throws(DatasetError) -> ManifestEntry? {
    var entry = first.take()
    if entry == nil { entry = try lines.next() }
    guard let (bytes, line) = entry else { return nil }
    guard let value = try? JSONParser.parse(bytes) else { return .refused(line: line, reason: "the line is not JSON") }
    let isAVQA = isAVQA
    return ManifestEntry(Result { () throws(RowProblem) in try ManifestObject.row(value, isAVQA: isAVQA) }, line: line)
  }
}

/// Objects in a list: the file's bytes are in memory, its rows are not.
struct JSONListSource: ManifestSource {
  private let path: String
  private var parser: JSONParser
  private var counted = (offset: 0, line: 1)
  private var isDone: Bool
  let isAVQA: Bool

  init(_ bytes: [UInt8], path: String) throws(DatasetError) {
    self.path = path
    let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    parser = JSONParser(bytes, at: start)
    _ = parser.take(UInt8(ascii: "["))
    isDone = parser.take(UInt8(ascii: "]"))
    var ahead = parser
    isAVQA = (try? ahead.value()).map(ManifestObject.isAVQA) ?? false
  }

  mutating func next() throws(DatasetError) -> ManifestEntry? {
    if isDone { return nil }
    _ = parser.peek()
    let line = line(at: parser.position)
    let value: JSONValue
    do {
      value = try parser.value()
      isDone = try parser.closes(with: UInt8(ascii: "]"))
    } catch {
      throw .badText(path: path, line: self.line(at: parser.position), reason: Self.sentence(error))
    }
    if isDone, parser.peek() != nil {
      throw .badText(path: path, line: self.line(at: parser.position), reason: "there is text after the list")
    }
    let isAVQA = isAVQA
    return ManifestEntry(Result { () throws(RowProblem) in try ManifestObject.row(value, isAVQA: isAVQA) }, line: line)
  }

  private mutating func line(at offset: Int) -> Int {
    for byte in parser.bytes[min(counted.offset, offset)..<offset] where byte == 0x0A { counted.line += 1 }
    counted.offset = max(counted.offset, offset)
    return counted.line
  }

  private static func sentence(_ problem: JSONProblem) -> String {
    switch problem {
    case .ended: "the list is cut off"
    case .tooDeep: "a value is nested more than \(JSONParser.deepest) deep"
    case .notUTF8: "a text is not UTF-8"
    case .unexpected: "this is not JSON"
    }
  }
}
