import Glibc

/// A file of known size that is written in any order and appears under its name when it is whole and on the disk.
///
/// Until ``commit()`` the bytes are in a temporary file of the same folder; dropped before that, it is removed and what
/// was under the name stays. A program that is ended leaves the temporary file behind, unlocked, and the next
/// ``makeFolder(_:)`` removes it.
package struct CheckpointOutput: ~Copyable {
  package let path: String
  private let temporaryPath: String
  private let descriptor: Int32
  private var isCommitted = false

  /// Takes room for `byteCount` bytes, so that a full disk shows before hours of work.
  package init(path: String, byteCount: Int) throws(CheckpointError) {
    let folder = path.lastIndex(of: "/").map { path[...$0] } ?? ""
    let name = LeftoverFile.prefix + String(UInt64.random(in: .min ... .max), radix: 36) + LeftoverFile.suffix
    let temporaryPath = "\(folder)\(name)"
    let descriptor = open(temporaryPath, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw writingError(errno, path: path) }
    // Where the file system has no locks, none keeps the file from being taken for a leftover.
    _ = flock(descriptor, LOCK_EX | LOCK_NB)
    let code = byteCount > 0 ? posix_fallocate(descriptor, 0, byteCount) : 0
    // Other codes are of file systems that cannot take room beforehand.
    if [ENOSPC, EDQUOT, EFBIG].contains(code) {
      close(descriptor)
      unlink(temporaryPath)
      throw writingError(code, path: path)
    }
    self.path = path
    self.temporaryPath = temporaryPath
    self.descriptor = descriptor
  }

  deinit {
    close(descriptor)
    if !isCommitted { unlink(temporaryPath) }
  }

  /// Writes `bytes` at `offset` from the start of the file.
  package func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(CheckpointError) {
    var written = 0
    while written < bytes.count {
      let rest = UnsafeRawBufferPointer(rebasing: bytes[written...])
      let count = pwrite(descriptor, rest.baseAddress, rest.count, offset + written)
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { throw writingError(count < 0 ? errno : ENOSPC, path: path) }
      written += count
    }
  }

  /// Puts the bytes on the disk, then gives the file its name.
  package mutating func commit() throws(CheckpointError) {
    guard fsync(descriptor) == 0, rename(temporaryPath, path) == 0 else { throw writingError(errno, path: path) }
    isCommitted = true
  }

  /// Writes a whole file.
  package static func write(_ bytes: [UInt8], to path: String) throws(CheckpointError) {
    var file = try CheckpointOutput(path: path, byteCount: bytes.count)
    try bytes.span.withUnsafeBytes { bytes throws(CheckpointError) in try file.write(bytes, at: 0) }
    try file.commit()
  }

  /// Makes the folder `path`, or takes one that is empty but for what a writer that was cut short left there; the folder
  /// it is to be in has to exist.
  package static func makeFolder(_ path: String) throws(CheckpointError) {
    if mkdir(path, 0o777) == 0 { return }
    guard errno == EEXIST else { throw writingError(errno, path: path) }
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else { throw .folder(path, .notAFolder) }
    let names = try ModelFolder.fileNames(in: path)
    guard names.allSatisfy(LeftoverFile.isName) else { throw .folder(path, .notEmpty) }
    for name in names where !LeftoverFile.remove("\(path)/\(name)") { throw .folder(path, .notEmpty) }
  }

  /// Removes what programs that were ended left in a folder that is to hold finished files alone.
  package static func removeLeftovers(in folder: String) {
    let names = (try? ModelFolder.fileNames(in: folder)) ?? []
    for name in names where LeftoverFile.isName(name) { _ = LeftoverFile.remove("\(folder)/\(name)") }
  }
}

/// Temporary files of writers, by their names.
private enum LeftoverFile {
  static let prefix = ".earshot-"
  static let suffix = ".partial"

  static func isName(_ name: String) -> Bool { name.hasPrefix(prefix) && name.hasSuffix(suffix) }

  /// Removes a temporary file that no running program writes; false where it stays.
  static func remove(_ path: String) -> Bool {
    let descriptor = open(path, O_RDWR | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW)
    guard descriptor >= 0 else { return errno == ENOENT }
    defer { close(descriptor) }
    if flock(descriptor, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK { return false }
    return unlink(path) == 0 || errno == ENOENT
  }
}

/// What is wrong when the system refuses to write `path` with the error `code`.
package func writingError(_ code: Int32, path: String) -> CheckpointError {
  switch code {
  case ENOSPC, EDQUOT: .file(path, .diskFull)
  case EACCES, EPERM, EROFS: .file(path, .notWritten(reason: "no permission"))
  case ENOENT, ENOTDIR: .file(path, .notWritten(reason: "there is no such folder"))
  default: .file(path, .notWritten(reason: systemText(code)))
  }
}
