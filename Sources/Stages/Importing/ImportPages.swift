import Dataset
import Foundation
import Pipelines
import Store

/// The rows of a file of a set, or of a run, some at a time.
final class ImportPages {
  private let file: FileRows?
  private var run: RunRows?

  init(_ source: ImportFiles.Source, _ settings: ImportSettings) throws {
    switch source {
    case .rows(let path, let root):
      file = FileRows(
        try ImportReader(path: path, root: root, format: settings.format, audioFolder: settings.audio))
    case .run(let folder):
      file = nil
      run = try RunRows(folder)
    }
  }

  /// Empty after the last.
  func next() throws -> [ImportEntry] {
    try file?.next() ?? run?.next() ?? []
  }
}

/// A reader that a closure may hold.
private final class FileRows {
  private static let size = 512
  private var reader: ImportReader

  init(_ reader: consuming ImportReader) { self.reader = reader }

  func next() throws -> [ImportEntry] {
    var entries: [ImportEntry] = []
    while entries.count < Self.size, let entry = try reader.next() { entries.append(entry) }
    return entries
  }
}

/// The questions of a finished run as rows of a set.
struct RunRows {
  private let provenance: RunProvenance
  private let root: AudioRoot
  private let store: RunStore
  private var splits = Split.allCases[...]
  private var cursor: ExportCursor?
  private var line = 0

  init(_ folder: RunFolder) throws {
    store = try RunStore(reading: folder.database)
    provenance = try RunProvenance(store)
    root = try AudioRoot(store)
  }

  /// Some hundred rows; empty after the last.
  mutating func next() throws -> [ImportEntry] {
    while let split = splits.first {
      var cursor =
        self.cursor ?? ExportCursor(store: store, split: split.rawValue, limit: nil, isTaken: { _ in true })
      if let rows = try cursor.next() {
        self.cursor = cursor
        return rows.flatMap { entries($0, split.rawValue) }
      }
      self.cursor = nil
      splits = splits.dropFirst()
    }
    return []
  }

  private mutating func entries(_ row: ExportRow, _ split: String) -> [ImportEntry] {
    row.questions.map { question in
      line += 1
      var imported = ImportRow(question: provenance.exported(question, row, split: split, audioPath: row.clip.path))
      imported.line = line
      imported.metadata = row.clip.metadata
      if !row.clip.path.hasPrefix(StretchDecoder.absentPrefix) {
        imported.sound = ImportSound(.file(root.file(row.clip.path)))
        imported.sound?.frames = row.clip.startFrame..<row.clip.startFrame + row.clip.frames
      }
      return .row(imported)
    }
  }
}
