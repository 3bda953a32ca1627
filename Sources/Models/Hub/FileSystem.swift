import Foundation
import Synchronization

/// The file operations of a pull, with errors that name the path.
enum FileSystem {
  static func error(_ path: String, code: Int32 = errno) -> HubError {
    .notWritten(path: path, reason: String(cString: strerror(code)))
  }

  /// Makes a folder and those above it.
  static func makeFolder(_ path: String) throws(HubError) {
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw FileSystem.error(path)
    }
  }

  static func makeFolder(holding path: String) throws(HubError) {
    try makeFolder(folder(of: path))
  }

  /// The size of the file that `path` leads to, through links; nil where there is none.
  static func size(_ path: String) -> Int? {
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    return Int(status.st_size)
  }

  static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// Bytes that may still be written under the existing folder `path`; nil where the system does not say.
  static func freeBytes(_ path: String) -> Int? {
    var status = statvfs()
    guard statvfs(path, &status) == 0 else { return nil }
    let (bytes, overflow) = UInt64(status.f_bavail).multipliedReportingOverflow(by: UInt64(status.f_frsize))
    return overflow ? Int.max : Int(clamping: bytes)
  }

  /// A short file, whole; nil where it is missing, too long, or not readable.
  static func contents(_ path: String, limit: Int = 32 << 20) -> Data? {
    guard let size = size(path), size <= limit else { return nil }
    return try? Data(contentsOf: URL(fileURLWithPath: path))
  }

  /// Puts a short file under its name in one step.
  static func write(_ text: String, to path: String) throws(HubError) {
    try makeFolder(holding: path)
    do {
      try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
    } catch {
      throw FileSystem.error(path)
    }
  }

  /// Makes the symbolic link `path`, in place of whatever has that name.
  static func link(_ path: String, to target: String) throws(HubError) {
    try makeFolder(holding: path)
    let temporary = "\(folder(of: path))/.\(String(UInt64.random(in: .min ... .max), radix: 36)).link"
    guard symlink(target, temporary) == 0 else { throw error(path) }
    guard rename(temporary, path) == 0 else {
      let code = errno
      unlink(temporary)
      throw error(path, code: code)
    }
  }

  private static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// Runs what blocks on a thread of its own, as the shared ones are few. `work` can ask whether the task was
  /// cancelled.
  static func onOwnThread<Value: Sendable>(
    _ work: @escaping @Sendable (_ isCancelled: () -> Bool) -> Value
  ) async -> Value {
    let flag = CancellationFlag()
    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        Thread.detachNewThread { continuation.resume(returning: work { flag.isRaised }) }
      }
    } onCancel: {
      flag.raise()
    }
  }
}

private final class CancellationFlag: Sendable {
  private let value = Atomic(false)

  var isRaised: Bool { value.load(ordering: .relaxed) }

  func raise() { value.store(true, ordering: .relaxed) }
}
