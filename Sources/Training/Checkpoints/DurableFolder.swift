import Foundation
import Glibc
import Models

/// Operations on folders that last when the machine stops.
enum DurableFolder {
  /// Makes the folder `path` and those above it.
  static func make(_ path: String) throws(TrainerFileError) {
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw .system(path, code: code(of: error))
    }
  }

  /// Puts the names in the folder on the disk.
  static func synchronize(_ path: String) throws(TrainerFileError) {
    let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .system(path, code: errno) }
    defer { close(descriptor) }
    // Some file systems have nothing to put there.
    guard fsync(descriptor) == 0 || errno == EINVAL else { throw .system(path, code: errno) }
  }

  /// Gives what is at `path` another name, which nothing has, or an empty folder.
  static func rename(_ path: String, to other: String) throws(TrainerFileError) {
    guard Glibc.rename(path, other) == 0 else { throw .system(other, code: errno) }
  }

  /// Removes the folder or file `path` with all that is in it; none there is no error.
  static func remove(_ path: String) throws(TrainerFileError) {
    do {
      try FileManager.default.removeItem(atPath: path)
    } catch {
      let code = code(of: error)
      guard code != ENOENT else { return }
      throw .notWritten(path: path, reason: "not removed, \(systemText(code))")
    }
  }

  static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// The system's code behind an error of Foundation.
  static func code(of error: any Error) -> Int32 {
    if let error = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError,
      error.domain == NSPOSIXErrorDomain
    {
      return Int32(clamping: error.code)
    }
    return switch (error as? CocoaError)?.code {
    case .fileNoSuchFile?, .fileReadNoSuchFile?: ENOENT
    case .fileWriteOutOfSpace?: ENOSPC
    case .fileWriteNoPermission?, .fileReadNoPermission?: EACCES
    case .fileWriteFileExists?: ENOTDIR
    default: EIO
    }
  }
}
