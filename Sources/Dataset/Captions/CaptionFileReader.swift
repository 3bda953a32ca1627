import Foundation

/// Reads captions that exist already: a table with a header (CSV, or TSV by its extension), or JSON objects on lines.
///
///     var reader = try CaptionFileReader(path: "clotho_captions_evaluation.csv")
///     while let entry = try reader.next() { … }
///
/// A line names its clip by `clip`, a file column of manifests, `youtube_id` with `start_time` (AudioCaps) or `id`, and
/// has its captions in `caption`, `captions` (in JSON also a list) or `caption_1`, `caption_2`, … (Clotho). Several
/// lines may name one clip.
public struct CaptionFileReader: ~Copyable {
  private let path: String
  private let columns: CaptionColumns
  private var source: Source
  private var isEmpty = true

  private enum Source {
    case table(CSVRecords, header: [String])
    case lines(TextLines)
  }

  /// `captions` and `key` name the columns to read in place of the usual ones.
  public init(path: String, captions: [String]? = nil, key: String? = nil) throws(DatasetError) {
    self.path = path
    columns = CaptionColumns(captions: captions, key: key)
    let stream = try ByteStream(path: path)
    switch stream.firstMark() {
    case nil: throw .emptyManifest(path: path)
    case UInt8(ascii: "["):
      throw .badText(path: path, line: 1, reason: "a JSON list; write one object on each line")
    case UInt8(ascii: "{"): source = .lines(TextLines(stream, path: path))
    default:
      let isTabbed = path.lowercased().hasSuffix(".tsv")
      var records = CSVRecords(stream, path: path, separator: UInt8(ascii: isTabbed ? "\t" : ","))
      guard case .cells(let cells, _)? = try records.next() else {
        throw .badText(path: path, line: 1, reason: "the first line is not a header")
      }
      let header = cells.map(trimmed)
      try Self.check(header, columns, path: path)
      source = .table(records, header: header)
    }
  }

  /// The next line's captions, or nil after the last. Throws where there is no line at all.
  public mutating func next() throws(DatasetError) -> CaptionFileEntry? {
    let entry: CaptionFileEntry?
    switch source {
    case .table(var records, let header):
      let record = try records.next()
      source = .table(records, header: header)
      entry = record.map { Self.entry($0, header, columns) }
    case .lines(var lines):
      let line = try lines.next()
      source = .lines(lines)
      entry = line.map { Self.entry($0.bytes, line: $0.line, columns) }
    }
    if entry == nil, isEmpty { throw .emptyManifest(path: path) }
    isEmpty = false
    return entry
  }

  private static func check(_ header: [String], _ columns: CaptionColumns, path: String) throws(DatasetError) {
    var seen = Set<String>()
    if let name = header.first(where: { !$0.isEmpty && !seen.insert($0.lowercased()).inserted }) {
      throw .repeatedColumn(path: path, name: name)
    }
    let there = header.map { "'\(shortened($0))'" }.joined(separator: ", ")
    if let missing = (columns.captions ?? []).first(where: { !header.contains($0) }) {
      throw .badText(path: path, line: 1, reason: "no column '\(shortened(missing))' among \(there)")
    }
    guard columns.namesClips(header) else {
      throw .badText(
        path: path, line: 1,
        reason: "no column names the clip among \(there). Call it 'clip' or 'file', or name it as 'key'")
    }
    guard !columns.captionColumns(in: header).isEmpty else {
      throw .badText(
        path: path, line: 1,
        reason: "no column holds captions among \(there). Call it 'caption', or name it under 'columns'")
    }
  }

  private static func entry(_ record: CSVRecords.Record, _ header: [String], _ columns: CaptionColumns)
    -> CaptionFileEntry
  {
    switch record {
    case .refused(let line, let reason): return .refused(line: line, reason: reason)
    case .cells(let cells, let line):
      guard cells.count == header.count else {
        return .refused(line: line, reason: "\(cells.count) cells where the header has \(header.count)")
      }
      let named = Dictionary(
        zip(header, cells).map { ($0.lowercased(), trimmed($1)) }, uniquingKeysWith: { first, _ in first })
      let captions = columns.captionColumns(in: header).map { named[$0.lowercased()] ?? "" }
      return entry(names: columns.names { named[$0.lowercased()] }, captions, line: line)
    }
  }

  private static func entry(_ bytes: [UInt8], line: Int, _ columns: CaptionColumns) -> CaptionFileEntry {
    guard let value = try? JSONParser.parse(bytes) else { return .refused(line: line, reason: "the line is not JSON") }
    guard case .object(let members) = value else {
      return .refused(line: line, reason: "the line is \(value.kind), not an object")
    }
    let named = Dictionary(members.map { ($0.name.lowercased(), $0.value) }, uniquingKeysWith: { first, _ in first })
    let header = members.map(\.name)
    if let missing = (columns.captions ?? []).first(where: { !header.contains($0) }) {
      return .refused(line: line, reason: "no member '\(shortened(missing))'")
    }
    let holding = columns.captionColumns(in: header)
    guard !holding.isEmpty else { return .refused(line: line, reason: "no member 'caption' or 'captions'") }
    var captions: [String] = []
    for name in holding {
      switch named[name.lowercased()] {
      case .string(let text)?: captions.append(trimmed(text))
      case .array(let elements)? where elements.allSatisfy({ $0.string != nil }):
        captions += elements.compactMap(\.string).map(trimmed)
      case .null?, nil: continue
      case let other?:
        return .refused(line: line, reason: "'\(shortened(name))' is \(other.kind), not text or a list of texts")
      }
    }
    return entry(names: columns.names { named[$0.lowercased()].flatMap(name) }, captions, line: line)
  }

  /// A text, or a number as written.
  private static func name(_ value: JSONValue) -> String? {
    switch value {
    case .string(let text): trimmed(text)
    case .number(let digits): digits
    default: nil
    }
  }

  private static func entry(names: [String], _ captions: [String], line: Int) -> CaptionFileEntry {
    guard !names.isEmpty else { return .refused(line: line, reason: "nothing names the clip") }
    return .row(CaptionRow(names: names, captions: captions.filter { !$0.isEmpty }), line: line)
  }
}
