import Foundation

/// The audio files under a folder, by relative path, with what tells whether one changed.
struct AudioFolder: Sendable {
  struct Entry: Sendable, Equatable {
    /// Relative to the folder.
    var path: String
    var size: Int
    /// Nanoseconds since 1970.
    var modified: Int
  }

  /// Files with another extension are no audio and are not looked at.
  static let extensions: Set<String> = [
    "aif", "aifc", "aiff", "au", "caf", "flac", "mp3", "oga", "ogg", "opus", "rf64", "snd", "w64", "wav", "wave",
  ]

  let root: String
  /// By path.
  let entries: [Entry]

  /// Lists `root` and what is below it; hidden files and folders are passed over. Throws where there is no folder.
  init(root: String) throws(StagesError) {
    self.root = root
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: root, isDirectory: &isFolder) else { throw .noAudioFolder(root) }
    guard isFolder.boolValue else { throw .audioIsNoFolder(root) }
    guard let names = FileManager.default.enumerator(atPath: root) else { throw .audioFolderUnreadable(root) }
    var found: [Entry] = []
    for case let name as String in names {
      if (name as NSString).lastPathComponent.hasPrefix(".") {
        names.skipDescendants()
        continue
      }
      guard Self.extensions.contains((name as NSString).pathExtension.lowercased()) else { continue }
      if let entry = Self.entry(name, in: root) { found.append(entry) }
    }
    entries = found.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
  }

  private static func entry(_ name: String, in root: String) -> Entry? {
    var status = stat()
    guard stat(root + "/" + name, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    let modified = Int(status.st_mtim.tv_sec) * 1_000_000_000 + Int(status.st_mtim.tv_nsec)
    return Entry(path: name, size: Int(status.st_size), modified: modified)
  }
}
