import Foundation

/// A test set read for what its questions and sounds are: MMAU, MMAR, and any JSON lines, JSON list, CSV or TSV whose rows have
/// a question or name a sound.
public struct ReferenceFile: Sendable {
  public let path: String
  public private(set) var items: [ReferenceItem] = []
  public private(set) var refused: [RefusedRow] = []

  /// Rows that cannot be used are listed in `refused`. Throws for a file that cannot be read to its end, and for one
  /// without a row that can be used.
  public static func read(path: String) throws(DatasetError) -> ReferenceFile {
    var file = ReferenceFile(path: path)
    switch try ByteStream(path: path).firstMark() {
    case UInt8(ascii: "["), UInt8(ascii: "{"): try file.readJSON()
    default: try file.readTable()
    }
    guard !file.items.isEmpty else { throw .noUsableRow(path: path, refused: file.refused) }
    return file
  }

  private init(path: String) { self.path = path }

  private mutating func readJSON() throws(DatasetError) {
    var rows = try JSONRows(path: path)
    while let row = try rows.next() {
      switch row {
      case .refused(let line, let reason): refused.append(RefusedRow(line: line, reason: reason))
      case .value(.object(let members), let line):
        add(ReferenceRow(members), line: line)
      case .value(let value, let line):
        refused.append(RefusedRow(line: line, reason: "the row is \(value.kind), not an object"))
      }
    }
  }

  private mutating func readTable() throws(DatasetError) {
    let isTabbed = path.lowercased().hasSuffix(".tsv")
    var records = CSVRecords(
      try ByteStream(path: path), path: path, separator: UInt8(ascii: isTabbed ? "\t" : ","))
    guard case .cells(let header, let line)? = try records.next() else {
      throw .badText(path: path, line: 1, reason: "the first line is no header")
    }
    let names = header.map { trimmed($0) }
    if let first = Self.vggSound(header, line: line) {
      items.append(first)
    } else if !ReferenceRow.knows(names) {
      throw .badText(
        path: path, line: line,
        reason: "no column holds questions or names sounds; name one 'question', 'audio_path' or 'youtube_id'")
    }
    let isVGGSound = !items.isEmpty
    while let record = try records.next() {
      switch record {
      case .refused(let line, let reason): refused.append(RefusedRow(line: line, reason: reason))
      case .cells(let cells, let line) where isVGGSound:
        if let item = Self.vggSound(cells, line: line) {
          items.append(item)
        } else {
          refused.append(RefusedRow(line: line, reason: "the row is none of VGGSound's"))
        }
      case .cells(let cells, let line):
        guard cells.count == names.count else {
          refused.append(RefusedRow(line: line, reason: "\(cells.count) cells where the header has \(names.count)"))
          continue
        }
        add(ReferenceRow(names: names, cells: cells), line: line)
      }
    }
  }

  /// A row of VGGSound's tables, which have no header: a sound without a question.
  private static func vggSound(_ cells: [String], line: Int) -> ReferenceItem? {
    guard let row = (try? VGGSoundRows.clip(cells)) ?? (try? VGGSoundRows.file(cells)) else { return nil }
    return ReferenceItem(
      id: row.file, line: line, question: "", choices: [], audio: row.file,
      sounds: SoundIdentity.all(inFileName: row.file))
  }

  private mutating func add(_ row: ReferenceRow, line: Int) {
    if let item = row.item(line: line) {
      items.append(item)
    } else {
      refused.append(RefusedRow(line: line, reason: "the row has neither a question nor a sound that can be told"))
    }
  }
}
