/// The records of a CSV file (RFC 4180): quoted cells, which may hold line breaks; CRLF, LF or CR; blank lines are left
/// out.
struct CSVRecords {
  enum Record: Equatable {
    case cells([String], line: Int)
    case refused(line: Int, reason: String)
  }

  /// In bytes; a longer record is a quote that was never closed.
  private static let longestRecord = 1 << 20

  private let path: String
  private let separator: UInt8
  private var stream: ByteStream

  private var cells: [[UInt8]] = []
  private var cell: [UInt8] = []
  private var wasQuoted = false
  private var problem: String?

  init(_ stream: ByteStream, path: String, separator: UInt8 = UInt8(ascii: ",")) {
    self.stream = stream
    self.path = path
    self.separator = separator
  }

  /// The next record, or nil at the end.
  mutating func next() throws(DatasetError) -> Record? {
    while try stream.peek() != nil {
      let line = stream.line
      try readRecord(line: line)
      if problem == nil, cells.count == 1, !wasQuoted, cells[0].allSatisfy({ $0 == 0x20 || $0 == 0x09 }) { continue }
      if let problem { return .refused(line: line, reason: problem) }
      var texts: [String] = []
      for cell in cells {
        guard let text = String(validating: cell, as: UTF8.self) else {
          return .refused(line: line, reason: "a cell is not UTF-8")
        }
        texts.append(text)
      }
      return .cells(texts, line: line)
    }
    return nil
  }

  private mutating func readRecord(line: Int) throws(DatasetError) {
    cells.removeAll(keepingCapacity: true)
    cell.removeAll(keepingCapacity: true)
    wasQuoted = false
    problem = nil
    var isCellStart = true
    var length = 0
    while let byte = try stream.next() {
      length += 1
      if length > Self.longestRecord { throw tooLong(line) }
      switch byte {
      case UInt8(ascii: "\"") where isCellStart:
        length += try readQuoted(line: line)
        isCellStart = false
      case separator:
        endCell()
        isCellStart = true
      case 0x0A, 0x0D:
        if byte == 0x0D, try stream.peek() == 0x0A { _ = try stream.next() }
        stream.line += 1
        return endCell()
      default:
        cell.append(byte)
        isCellStart = false
      }
    }
    endCell()
  }

  /// Reads the rest of a quoted cell and its closing quote; returns its length in bytes.
  private mutating func readQuoted(line: Int) throws(DatasetError) -> Int {
    wasQuoted = true
    var length = 0
    while let byte = try stream.next() {
      length += 1
      if length > Self.longestRecord { throw tooLong(line) }
      if byte == 0x0A { stream.line += 1 }
      guard byte == UInt8(ascii: "\"") else {
        cell.append(byte)
        continue
      }
      let following = try stream.peek()
      if following == UInt8(ascii: "\"") {
        cell.append(byte)
        _ = try stream.next()
        continue
      }
      if let following, following != separator, following != 0x0A, following != 0x0D {
        problem = "there is text after a closing quote"
      }
      return length
    }
    throw .badText(path: path, line: line, reason: "a quote that is opened here is never closed")
  }

  private mutating func endCell() {
    cells.append(cell)
    cell.removeAll(keepingCapacity: true)
  }

  private func tooLong(_ line: Int) -> DatasetError {
    .badText(path: path, line: line, reason: "a row that starts here has more than \(Self.longestRecord) bytes")
  }
}
