/// A test set as published, read whole.
///
///     let set = try BenchmarkFile.read(path: "mmau-test-mini.json", audioFolders: ["clips"])
///     print("\(set.items.count) items, \(set.missing.count) without their sound")
public struct BenchmarkFile: Sendable {
  /// An item that names a sound which is not there.
  public struct MissingSound: Sendable, Equatable {
    public var id: String
    /// Where the sound would be.
    public var path: String
    public var line: Int
  }

  /// More rows are not read from one file.
  public static let mostItems = 2_000_000
  /// In bytes.
  public static let longestID = 1024

  public let path: String
  /// In the order of the file, those with missing sounds included.
  public private(set) var items: [BenchmarkItem] = []
  public private(set) var refused: [RefusedRow] = []
  /// In the order of the file. These items are never answered as if they were silent.
  public private(set) var missing: [MissingSound] = []

  /// Reads JSON lines or a JSON list. Each row tells its format, unless `format` does. Sounds are looked for in
  /// `audioFolders`, beside the file, and from the current folder.
  ///
  /// Rows that cannot be used are listed in `refused`, sounds that are not there in `missing`. Throws for a file that
  /// cannot be read to its end, and for one without a row that can be used.
  public static func read(
    path: String, format: BenchmarkFormat? = nil, audioFolders: [String] = []
  ) throws(DatasetError) -> BenchmarkFile {
    let sounds = BenchmarkSounds(file: path, folders: audioFolders)
    var rows = try JSONRows(path: path)
    var file = BenchmarkFile(path: path)
    var lines: [String: Int] = [:]
    while let row = try rows.next() {
      guard file.items.count < mostItems else {
        throw .badText(path: path, line: 1, reason: "more than \(mostItems) rows; split the file")
      }
      switch row {
      case .refused(let line, let reason): file.refused.append(RefusedRow(line: line, reason: reason))
      case .value(let value, let line): file.add(value, line: line, format, sounds, &lines)
      }
    }
    guard !file.items.isEmpty else { throw .noUsableRow(path: path, refused: file.refused) }
    return file
  }

  /// The items whose sound is there, and those that need none.
  public var answerable: [BenchmarkItem] {
    let gone = Set(missing.map(\.id))
    return items.filter { !gone.contains($0.id) }
  }

  private init(path: String) { self.path = path }

  private mutating func add(
    _ row: JSONValue, line: Int, _ format: BenchmarkFormat?, _ sounds: BenchmarkSounds, _ lines: inout [String: Int]
  ) {
    do throws(RowProblem) {
      guard let format = format ?? BenchmarkFormat(recognizing: row) else {
        throw RowProblem(reason: "a row of no known test set; name its format, or say what to do by 'task'")
      }
      var item = try format.item(row, sounds)
      item.line = line
      if let first = lines[item.id] {
        throw RowProblem(reason: "the id '\(shortened(item.id))' stands in line \(first) too")
      }
      lines[item.id] = line
      items.append(item)
      if let audio = item.audio, !BenchmarkSounds.isFile(audio) {
        missing.append(MissingSound(id: item.id, path: audio, line: line))
      }
    } catch {
      refused.append(RefusedRow(line: line, reason: error.reason))
    }
  }
}
