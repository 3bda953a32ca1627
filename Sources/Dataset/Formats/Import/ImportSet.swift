import Foundation

/// The files of rows of a set: a folder that an export made, a folder of somebody else's, or a single file.
public struct ImportSet: Sendable, Equatable {
  /// The folder of the set, ending in "/": what paths of its rows may start from.
  public let root: String
  /// Relative to the root, sorted.
  public let files: [String]

  /// Files with other endings hold no rows.
  public static let extensions: Set<String> = ["json", "jsonl", "data", "parquet", "tar"]

  /// Throws where there is nothing at `path`, or no rows in it.
  public init(_ path: String) throws(DatasetError) {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw .noSuchSet(path: path)
    }
    guard isFolder.boolValue else {
      let start = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
      root = String(path[..<start])
      files = [String(path[start...])]
      return
    }
    root = path.hasSuffix("/") ? path : path + "/"
    files = try Self.files(in: root)
    guard !files.isEmpty else { throw .noRows(path: path) }
  }

  private static func files(in root: String) throws(DatasetError) -> [String] {
    let paths: [String]
    do {
      paths = try FileManager.default.subpathsOfDirectory(atPath: root)
    } catch {
      throw .unreadableFile(path: root, reason: fileReason(error))
    }
    let rows = Set(paths.filter(isRows))
    return rows.filter { path in !richer(path).contains(where: rows.contains) }
      .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  private static func isRows(_ path: String) -> Bool {
    let parts = path.split(separator: "/")
    guard let name = parts.last, !parts.contains(where: { $0.hasPrefix(".") }) else { return false }
    // What describes others, and what a hand-off to a trainer is set up by.
    let described = ["export.json", "dataset_info.json", "dataset_infos.json", "state.json", "config.json"]
    return !described.contains(String(name)) && extensions.contains((path as NSString).pathExtension.lowercased())
  }

  /// Files that hold the same questions with more beside them: trainers' formats have each question once for each way of
  /// training.
  private static func richer(_ path: String) -> [String] {
    let start = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
    let (folder, name) = (path[..<start], path[start...])
    let pairs = [("sft-", "grpo-"), ("dpo_", "sft_"), ("text-", "")]
    return pairs.compactMap { pair in
      name.hasPrefix(pair.0) ? folder + pair.1 + name.dropFirst(pair.0.count) : nil
    }
  }
}
