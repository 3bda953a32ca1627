import Foundation

/// Finds the sounds that the rows of a test set name.
struct BenchmarkSounds {
  private let places: [AudioPlaces]

  /// Looks in `folders`, then in the folder of `file`, then in the current one.
  init(file: String, folders: [String]) {
    places =
      folders.isEmpty
      ? [AudioPlaces(file: file, folder: nil)] : folders.map { AudioPlaces(file: file, folder: $0) }
  }

  /// The first of the paths that a file is at, the paths tried in their order, each in every folder; the place of the
  /// first path in the first folder where there is none.
  func find(_ paths: [String]) throws(RowProblem) -> String? {
    var first: String?
    for path in paths {
      for place in places {
        let found = try place.resolve(path)
        if Self.isFile(found) { return found }
        first = first ?? found
      }
    }
    return first
  }

  /// The sound of a row under the usual names.
  func find(_ row: RowMembers) throws(RowProblem) -> String? { try find([try row.audio()].compactMap { $0 }) }

  /// What `body` makes of the row with the sounds of each folder in turn: the first whose sound is there, or else the
  /// first.
  func first(_ body: (AudioPlaces) throws(RowProblem) -> ImportedQuestion) throws(RowProblem) -> ImportedQuestion {
    let preferred = try body(places[0])
    if preferred.audio.map(Self.isFile) ?? true { return preferred }
    for place in places.dropFirst() {
      let other = try body(place)
      if other.audio.map(Self.isFile) == true { return other }
    }
    return preferred
  }

  /// Whether a path leads to a file, not to a folder.
  static func isFile(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && !isFolder.boolValue
  }

  /// The path, and the name alone: sets whose files have names that come once are often unpacked into another folder.
  static func byName(_ path: String) -> [String] {
    path.lastIndex(of: "/").map { [path, String(path[path.index(after: $0)...])] }?.filter { !$0.isEmpty } ?? [path]
  }
}
