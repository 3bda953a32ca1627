import Dataset
import Foundation
import Pipelines
import Store

/// The files that an import reads its rows from.
struct ImportFiles: Sendable {
  /// A file of rows and the folder of its set, or the folder of a run.
  enum Source: Sendable, Equatable {
    case rows(path: String, root: String)
    case run(RunFolder)
  }

  private(set) var listings: [ImportFileListing] = []
  /// By the path that the store knows them by.
  private(set) var sources: [String: Source] = [:]

  /// Throws for a set that is not there or holds no rows, and for a run that is not finished.
  init(_ settings: ImportSettings) throws {
    let paths = settings.sets.map(AudioRoot.absolute)
    let names = Self.names(paths)
    for (path, name) in zip(paths, names) {
      let run = RunFolder(path: path)
      if FileManager.default.fileExists(atPath: run.database) {
        try add(run, set: name, settings)
      } else {
        try add(try ImportSet(path), set: name, settings)
      }
    }
  }

  private mutating func add(_ set: ImportSet, set name: String, _ settings: ImportSettings) throws {
    let files = set.files.filter { !Self.isInRun($0, below: set.root) }
    if files.isEmpty { throw DatasetError.noRows(path: set.root) }
    for file in files {
      let path = set.root + file
      let state = Self.state(of: path)
      let stamp =
        "\(state.size) bytes of \(state.modified), \(settings.format?.rawValue ?? "any format"), sounds "
        + (settings.hasSounds ? settings.audio ?? "beside it" : "none")
      add(path, .rows(path: path, root: set.root), set: name, stamp: stamp)
    }
  }

  /// Whether a file is an export inside the folder of a run, which is a set of its own: a folder may hold the very run that
  /// it is imported into.
  private static func isInRun(_ file: String, below root: String) -> Bool {
    let folders = file.split(separator: "/").dropLast()
    return folders.indices.contains { last in
      let run = RunFolder(path: root + folders[...last].joined(separator: "/"))
      return FileManager.default.fileExists(atPath: run.database)
    }
  }

  /// What a run's set is, its revision and the way it was made tell.
  private mutating func add(_ run: RunFolder, set name: String, _ settings: ImportSettings) throws {
    let store = try RunStore(reading: run.database)
    _ = try FinishedSet(store)
    let parts = try store.stages().flatMap {
      [$0.name, $0.input ?? ""] + $0.parts.sorted { $0.key < $1.key }.flatMap { [$0.key, $0.value] }
    }
    let made = ContentID.make(domain: "earshot run as a set 1", [try store.setInput()] + parts)
    add(run.database, .run(run), set: name, stamp: "\(made), sounds \(settings.hasSounds ? "of the run" : "none")")
  }

  /// A file that is named twice is read once.
  private mutating func add(_ path: String, _ source: Source, set: String, stamp: String) {
    guard sources.updateValue(source, forKey: path) == nil else { return }
    listings.append(ImportFileListing(path: path, set: set, stamp: stamp))
  }

  /// Bytes, and nanoseconds since 1970; -1 and 0 where there is no such file.
  static func state(of path: String) -> (size: Int, modified: Int) {
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return (-1, 0) }
    return (Int(status.st_size), Int(status.st_mtim.tv_sec) * 1_000_000_000 + Int(status.st_mtim.tv_nsec))
  }

  /// The last part of each path, and more of it where two would be called the same.
  static func names(_ paths: [String]) -> [String] {
    let parts = paths.map { $0.split(separator: "/").map(String.init) }
    func name(_ parts: [String], _ count: Int) -> String { parts.suffix(count).joined(separator: "/") }
    return parts.map { own in
      var count = 1
      while count < own.count, parts.count(where: { $0 != own && name($0, count) == name(own, count) }) > 0 {
        count += 1
      }
      return name(own, count)
    }
  }
}
