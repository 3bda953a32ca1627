import Dataset
import Foundation
import Store

/// The audio files under a folder, by relative path, with what tells whether one changed.
struct AudioFolder: Sendable {
  struct Entry: Sendable, Equatable {
    /// Relative to the folder.
    var path: String
    /// Bytes; -1 where there is no such file.
    var size: Int
    /// Nanoseconds since 1970.
    var modified: Int
  }

  /// Files with another extension are no audio and are not looked at, unless a manifest names them.
  static let extensions: Set<String> = [
    "aif", "aifc", "aiff", "au", "caf", "flac", "mp3", "oga", "ogg", "opus", "rf64", "snd", "w64", "wav", "wave",
  ]

  let root: String
  /// By path.
  let entries: [Entry]
  /// Names that are no UTF-8, which nothing here could write down.
  let unreadableNames: Int

  /// Lists `root` and what is below it, links followed; hidden files and folders are passed over. Throws where there
  /// is no folder, or one below it cannot be listed: its files are not to be taken for gone.
  init(root: String) throws(StagesError) {
    self.root = root
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: root, isDirectory: &isFolder) else { throw .noAudioFolder(root) }
    guard isFolder.boolValue else { throw .audioIsNoFolder(root) }
    var walk = FolderWalk(root: root)
    try walk.list("")
    entries = walk.entries.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
    unreadableNames = walk.unreadableNames
  }

  /// Of names, sizes and times: another one where a file came, went or changed.
  var digest: String {
    let texts = entries.flatMap { [$0.path, "\($0.size)", "\($0.modified)"] }
    return ContentID.make(domain: "earshot audio folder 1", texts)
  }

  /// What there is at a path below the root, whatever its extension.
  func entry(_ path: String) -> Entry {
    FolderWalk.file(root + "/" + path).map { Entry(path: path, size: $0.size, modified: $0.modified) }
      ?? Entry(path: path, size: -1, modified: 0)
  }
}

/// A walk through a folder and those below it.
private struct FolderWalk {
  let root: String
  var entries: [AudioFolder.Entry] = []
  var unreadableNames = 0
  /// Device and inode of the folders being listed: a link to one of them would lead round in circles.
  private var open: [[UInt64]] = []

  init(root: String) {
    self.root = root
  }

  /// Lists the folder at `path`, relative to the root and ending in "/", or empty for the root.
  mutating func list(_ path: String) throws(StagesError) {
    let folder = root + "/" + path
    var status = stat()
    guard stat(folder, &status) == 0, let names = Self.names(in: folder) else { throw .audioFolderUnreadable(folder) }
    let identity = [UInt64(status.st_dev), UInt64(status.st_ino)]
    guard !open.contains(identity) else { return }
    open.append(identity)
    defer { open.removeLast() }
    for name in names {
      guard let name else {
        unreadableNames += 1
        continue
      }
      guard !name.hasPrefix("."), stat(folder + name, &status) == 0 else { continue }
      if status.st_mode & S_IFMT == S_IFDIR {
        try list(path + name + "/")
      } else if AudioFolder.extensions.contains((name as NSString).pathExtension.lowercased()),
        let file = Self.file(folder + name)
      {
        entries.append(AudioFolder.Entry(path: path + name, size: file.size, modified: file.modified))
      }
    }
  }

  /// The names in a folder; nil for one that is no UTF-8. Nil where the folder cannot be listed.
  private static func names(in folder: String) -> [String?]? {
    guard let handle = opendir(folder) else { return nil }
    defer { closedir(handle) }
    var names: [String?] = []
    while let entry = readdir(handle) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        String(validating: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names
  }

  /// Size and time of a regular file.
  static func file(_ path: String) -> (size: Int, modified: Int)? {
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    return (Int(status.st_size), Int(status.st_mtim.tv_sec) * 1_000_000_000 + Int(status.st_mtim.tv_nsec))
  }
}
