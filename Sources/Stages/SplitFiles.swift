import Dataset
import Foundation

/// One split's rows on their way to the disk: the files of a format, each begun with its first row.
final class SplitFiles {
  private struct Open {
    var encoder: any RowEncoder
    var file: LineFile
  }

  private let folder: String
  private let files: [SetFile]
  private var open: [Open?]
  private var parts: [Int]

  init(_ files: [SetFile], in folder: String) {
    self.folder = folder
    self.files = files
    open = files.map { _ in nil }
    parts = files.map { _ in 0 }
  }

  func add(_ row: SetRow) throws {
    for place in files.indices {
      var current = try open[place] ?? begin(place)
      open[place] = nil
      try current.file.append(current.encoder.add(row))
      if current.encoder.isFull { try Self.end(current) } else { open[place] = current }
    }
  }

  /// Ends what is open, and makes the files that are there without rows.
  func close() throws {
    for place in files.indices {
      if parts[place] == 0 && files[place].isAlwaysThere { open[place] = try begin(place) }
      if let current = open[place] { try Self.end(current) }
      open[place] = nil
    }
  }

  private func begin(_ place: Int) throws -> Open {
    let path = "\(folder)/\(files[place].path(parts[place]))"
    parts[place] += 1
    let parent = URL(fileURLWithPath: path).deletingLastPathComponent().path
    try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
    var begun = Open(encoder: files[place].makeEncoder(), file: try LineFile(path: path))
    try begun.file.append(begun.encoder.begin())
    return begun
  }

  private static func end(_ current: Open) throws {
    var current = current
    try current.file.append(current.encoder.end())
    try current.file.close()
  }
}
