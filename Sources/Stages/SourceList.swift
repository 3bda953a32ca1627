import Dataset
import Foundation
import Store

/// The sources of a run: the files of an audio folder, and what a manifest says of them.
struct SourceList: Sendable {
  var sources: [SourceListing] = []
  /// What the user should know, such as a manifest that was found in the folder.
  var notes: [String] = []

  /// A manifest in the folder adds to its files; one that is named says which files there are.
  init(folder: AudioFolder, manifest: String?, labelsFromFolders: Bool) throws {
    if let manifest {
      guard FileManager.default.fileExists(atPath: manifest) else { throw StagesError.noManifest(manifest) }
      try read(manifest, folder, labelsFromFolders, isWhole: true)
    } else if let inside = Self.manifestNames.first(where: {
      FileManager.default.fileExists(atPath: folder.root + "/" + $0)
    }) {
      try read(folder.root + "/" + inside, folder, labelsFromFolders, isWhole: false)
    } else {
      sources = folder.entries.map { Self.listing($0, labelsFromFolders, nil) }
    }
    if folder.unreadableNames > 0 {
      notes.append("\(counted(folder.unreadableNames, "name")) in the audio folder not used: not UTF-8. Rename them.")
    }
    if sources.isEmpty { throw StagesError.noAudioFiles(folder.root) }
  }

  private static let manifestNames = ["labels.csv", "metadata.jsonl", "metadata.csv"]

  /// Of more than `limit` sources, the same ones every time, spread over all of them; nil for all.
  func sample(_ limit: Int?) -> Set<String>? {
    guard let limit, limit < sources.count else { return nil }
    let ranked = sources.map { (stableHash("earshot sample", $0.path), $0.path) }.sorted { $0 < $1 }
    return Set(ranked.prefix(limit).map(\.1))
  }

  private mutating func read(_ path: String, _ folder: AudioFolder, _ labelsFromFolders: Bool, isWhole: Bool) throws {
    let names = FileNames(folder)
    var read: [ManifestRow] = []
    var refused = 0
    var firstRefusal = ""
    var reader = try ManifestReader(path: path)
    while let entry = try reader.next() {
      switch entry {
      case .row(let row, _): read.append(row)
      case .refused(let line, let reason):
        if refused == 0 { firstRefusal = "\(path):\(line): \(reason)" }
        refused += 1
      }
    }
    if refused > 0 { notes.append("\(counted(refused, "row")) of the manifest not used, the first: \(firstRefusal)") }
    // A file that one row names exactly is not also what another row means by a like name.
    let exact = Set(read.lazy.map(\.file).filter(names.contains))
    var rows: [String: ManifestRow] = [:]
    for row in read {
      let like = exact.contains(row.file) ? row.file : names.resolve(row.file)
      let file = like == row.file || !exact.contains(like) ? like : row.file
      rows[file] = rows[file].map { $0.merged(with: row) } ?? row
    }
    let entries = Dictionary(folder.entries.map { ($0.path, $0) }, uniquingKeysWith: { first, _ in first })
    let paths = isWhole ? Set(rows.keys) : Set(rows.keys).union(entries.keys)
    sources = paths.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.map { path in
      Self.listing(entries[path] ?? folder.entry(path), labelsFromFolders, rows[path])
    }
  }

  private static func listing(_ entry: AudioFolder.Entry, _ labelsFromFolders: Bool, _ row: ManifestRow?)
    -> SourceListing
  {
    var labels = row?.labels ?? []
    if labelsFromFolders, labels.isEmpty {
      let folder = ((entry.path as NSString).deletingLastPathComponent as NSString).lastPathComponent
      if !folder.isEmpty { labels = [folder.replacing("_", with: " ")] }
    }
    return SourceListing(
      path: entry.path, size: entry.size, modified: entry.modified, recording: row?.recording ?? entry.path,
      labels: labels, metadata: row?.metadata ?? [:])
  }
}

/// Finds the file that a manifest means: by its path, by its path with another extension, or, where the manifest gives
/// a bare name, by that name in any folder, as long as only one file has it.
private struct FileNames {
  private let paths: Set<String>
  private let withoutExtension: [String: String]
  /// Nil for a name that several files have.
  private let names: [String: String?]

  init(_ folder: AudioFolder) {
    paths = Set(folder.entries.map(\.path))
    withoutExtension = Dictionary(
      folder.entries.map { (Self.stem($0.path), $0.path) }, uniquingKeysWith: { first, _ in first })
    names = Dictionary(
      folder.entries.map { (Self.stem(($0.path as NSString).lastPathComponent), $0.path) },
      uniquingKeysWith: { _, _ in nil })
  }

  func contains(_ path: String) -> Bool {
    paths.contains(path)
  }

  func resolve(_ name: String) -> String {
    if paths.contains(name) { return name }
    if let path = withoutExtension[name] ?? withoutExtension[Self.stem(name)] { return path }
    guard !name.contains("/") else { return name }
    return (names[name] ?? nil) ?? (names[Self.stem(name)] ?? nil) ?? name
  }

  private static func stem(_ name: String) -> String {
    (name as NSString).deletingPathExtension
  }
}

extension ManifestRow {
  /// What two rows on one file say together: all labels, and of other columns what the first says.
  fileprivate func merged(with other: ManifestRow) -> ManifestRow {
    ManifestRow(
      file: file, labels: labels + other.labels.filter { !labels.contains($0) },
      recording: recording ?? other.recording, metadata: metadata.merging(other.metadata) { first, _ in first })
  }
}
