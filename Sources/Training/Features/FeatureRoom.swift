import Foundation
import Glibc
import Synchronization

/// How much of a disk a cache may take.
final class FeatureRoom: Sendable {
  private let folder: String
  private let limit: Int?
  private let spare: Int
  /// What the folder holds, once it was looked at.
  private let used = Mutex<Int?>(nil)

  init(folder: String, limit: Int?, spare: Int) {
    (self.folder, self.limit, self.spare) = (folder, limit, spare)
  }

  /// Whether so many bytes more may be stored, which then count as stored.
  func take(_ bytes: Int) -> Bool {
    if spare > 0, let free = freeBytes, free - bytes < spare { return false }
    guard let limit else { return true }
    return used.withLock { used in
      let before = used ?? Self.size(of: folder)
      guard before + bytes <= limit else {
        used = before
        return false
      }
      used = before + bytes
      return true
    }
  }

  /// Of the disk that the folder is on, or will be; nil where the system does not say.
  private var freeBytes: Int? {
    var path = folder
    var status = statvfs()
    while statvfs(path, &status) != 0 {
      let parent = (path as NSString).deletingLastPathComponent
      guard errno == ENOENT, parent != path else { return nil }
      path = parent.isEmpty ? "." : parent
    }
    return Int(exactly: status.f_bavail).flatMap { blocks in
      Int(exactly: status.f_frsize).map { blocks.multipliedReportingOverflow(by: $0).partialValue }
    }
  }

  private static func size(of folder: String) -> Int { files(in: folder).reduce(0) { $0 + $1.size } }

  private static func files(in folder: String) -> [(path: String, size: Int)] {
    guard let names = FileManager.default.enumerator(atPath: folder) else { return [] }
    return names.compactMap { name in
      guard let name = name as? String,
        let facts = try? FileManager.default.attributesOfItem(atPath: "\(folder)/\(name)"),
        facts[.type] as? FileAttributeType == .typeRegular, let size = facts[.size] as? Int
      else { return nil }
      return ("\(folder)/\(name)", size)
    }
  }

  /// Removes what a killed program left half written in a folder that nobody else writes to now.
  static func sweep(_ folder: String) {
    for file in files(in: folder) where file.path.hasSuffix(".partial") { unlink(file.path) }
  }
}
