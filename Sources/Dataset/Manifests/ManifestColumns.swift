/// The names under which manifests give what we need to know, and how a row is read by them.
struct ManifestColumns {
  static let file = ["file", "path", "audio", "audio_path", "filename", "file_name", "wav"]
  static let label = ["label", "labels", "class", "category"]
  static let recording = ["recording", "recording_id"]

  private let names: [String]
  private let fileColumn: Int
  private let labelColumn: Int?
  private let recordingColumn: Int?

  /// Columns with a header's names, in capitals or not; nil where none is known to name files.
  init?(_ header: [String]) {
    names = header.map(trimmed)
    let known = names.map { $0.lowercased() }
    func column(_ candidates: [String]) -> Int? {
      candidates.lazy.compactMap { known.firstIndex(of: $0) }.first
    }
    guard let fileColumn = column(Self.file) else { return nil }
    self.fileColumn = fileColumn
    labelColumn = column(Self.label)
    recordingColumn = column(Self.recording)
  }

  /// A name that stands twice in the header.
  var repeatedName: String? {
    var seen = Set<String>()
    return names.first { !$0.isEmpty && !seen.insert($0.lowercased()).inserted }
  }

  func row(_ cells: [String]) throws(RowProblem) -> ManifestRow {
    guard cells.count == names.count else {
      throw RowProblem(reason: "\(cells.count) cells where the header has \(names.count)")
    }
    var row = ManifestRow(file: try audioPath(cells[fileColumn]))
    for (column, cell) in cells.enumerated() {
      let text = trimmed(cell)
      if column == fileColumn || text.isEmpty { continue }
      switch column {
      case labelColumn: row.labels = splitLabels(text)
      case recordingColumn: row.recording = text
      default: row.metadata[names[column]] = text
      }
    }
    row.metadata[""] = nil
    return row
  }
}

/// The labels of one cell, separated by `;` or `|`.
func splitLabels(_ text: String) -> [String] {
  distinct(text.split(whereSeparator: { $0 == ";" || $0 == "|" }).map { trimmed(String($0)) })
}

/// Without empty texts and repetitions.
func distinct(_ texts: [String]) -> [String] {
  var seen = Set<String>()
  return texts.filter { !$0.isEmpty && seen.insert($0).inserted }
}
