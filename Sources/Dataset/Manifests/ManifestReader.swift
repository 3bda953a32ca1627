import Foundation

/// Reads a manifest: what a user knows of their audio files. Tables and JSON lines are read as they come, in flat
/// memory.
///
///     var reader = try ManifestReader(path: "labels.csv")
///     while let entry = try reader.next() { … }
///
/// A file may come up more than once. A row that cannot be used is handed out as refused; only what makes the rest of
/// the file unreadable is thrown.
public struct ManifestReader: ~Copyable {
  /// The longest JSON list that is read, in bytes: it has to be in memory.
  public static let longestList = 1 << 29

  public let format: ManifestFormat
  private let path: String
  private var source: any ManifestSource
  private var isEmpty = true

  /// Opens the file and finds out what it is from its first row.
  public init(path: String) throws(DatasetError) {
    self.path = path
    let stream = try ByteStream(path: path)
    switch stream.firstMark() {
    case UInt8(ascii: "["):
      let list = try JSONListSource(try ManifestReader.bytes(path: path), path: path)
      source = list
      format = list.isAVQA ? .avqa : .jsonList
    case UInt8(ascii: "{"):
      let lines = try JSONLinesSource(TextLines(stream, path: path))
      source = lines
      format = lines.isAVQA ? .avqa : .jsonLines
    default: (source, format) = try ManifestReader.table(stream, path: path)
    }
  }

  /// The next row, or nil after the last. Throws where there is no row at all.
  public mutating func next() throws(DatasetError) -> ManifestEntry? {
    let entry = try source.next()
    if entry == nil, isEmpty { throw .emptyManifest(path: path) }
    isEmpty = false
    return entry
  }

  private static func bytes(path: String) throws(DatasetError) -> [UInt8] {
    let data: Data
    do {
      data = try Data(contentsOf: URL(fileURLWithPath: path), options: .mappedIfSafe)
    } catch {
      throw .unreadableFile(path: path, reason: fileReason(error))
    }
    guard data.count <= longestList else {
      let reason = "a JSON list of \(data.count) bytes; give it as JSON lines, which are read one by one"
      throw .unreadableFile(path: path, reason: reason)
    }
    return [UInt8](data)
  }

  private static func table(
    _ stream: ByteStream, path: String
  ) throws(DatasetError) -> (any ManifestSource, ManifestFormat) {
    let isTabbed = path.lowercased().hasSuffix(".tsv")
    var records = CSVRecords(stream, path: path, separator: UInt8(ascii: isTabbed ? "\t" : ","))
    guard let first = try records.next() else { throw .emptyManifest(path: path) }
    guard case .cells(let cells, _) = first else {
      throw .badText(path: path, line: 1, reason: "the first line is neither a header nor a row")
    }
    if let columns = ManifestColumns(cells) {
      if let name = columns.repeatedName { throw .repeatedColumn(path: path, name: name) }
      let read: ([String]) throws(RowProblem) -> ManifestRow = { cells throws(RowProblem) in try columns.row(cells) }
      return (TableSource(records, row: read), .table)
    }
    if (try? VGGSoundRows.clip(cells)) != nil {
      return (TableSource(records, first: first, row: VGGSoundRows.clip), .vggSound)
    }
    if (try? VGGSoundRows.file(cells)) != nil {
      return (TableSource(records, first: first, row: VGGSoundRows.file), .vggSoundFiles)
    }
    throw .noFileColumn(path: path, columns: cells, known: ManifestColumns.file)
  }
}
