import Glibc

/// A file that appears under its name only when it is whole and on the disk.
///
/// The bytes go to a temporary file in the same folder, which is renamed by ``commit()``; dropped before that, it is
/// removed and what was under the name stays.
struct AtomicFile: ~Copyable {
  private let path: String
  private let temporaryPath: String
  /// Open for writing as long as the file lives.
  let descriptor: Int32
  private var isCommitted = false

  init(path: String) throws(AudioError) {
    let folder = path.lastIndex(of: "/").map { path[...$0] } ?? ""
    let temporaryPath = "\(folder).\(String(UInt64.random(in: .min ... .max), radix: 36)).partial"
    let descriptor = open(temporaryPath, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw writingError(errno, path: path) }
    self.path = path
    self.temporaryPath = temporaryPath
    self.descriptor = descriptor
  }

  deinit {
    close(descriptor)
    if !isCommitted { unlink(temporaryPath) }
  }

  /// Appends `bytes`.
  func write(_ bytes: [UInt8]) throws(AudioError) {
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes { rest in
        Glibc.write(descriptor, rest.baseAddress.map { $0 + written }, rest.count - written)
      }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { throw writingError(count < 0 ? errno : ENOSPC, path: path) }
      written += count
    }
  }

  /// Puts the bytes on the disk, then gives the file its name.
  mutating func commit() throws(AudioError) {
    guard fsync(descriptor) == 0, rename(temporaryPath, path) == 0 else { throw writingError(errno, path: path) }
    isCommitted = true
  }

  /// Writes a whole file.
  static func write(_ bytes: [UInt8], to path: String) throws(AudioError) {
    var file = try AtomicFile(path: path)
    try file.write(bytes)
    try file.commit()
  }
}

func writingError(_ code: Int32, path: String) -> AudioError {
  switch code {
  case ENOSPC, EDQUOT: .diskFull(path: path)
  case EACCES, EPERM, EROFS: .notPermitted(path: path)
  case ENOENT, ENOTDIR: .notWritten(path: path, reason: "there is no such folder")
  default: .notWritten(path: path, reason: systemMessage(code))
  }
}

/// Makes the folder `path`, and those above it that are missing.
func makeFolder(_ path: String) throws(AudioError) {
  if mkdir(path, 0o777) == 0 { return }
  switch errno {
  case EEXIST:
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
      throw .notWritten(path: path, reason: "a file of this name is in the way")
    }
  case ENOENT:
    let parent = path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
    guard !parent.isEmpty, parent != path else { throw writingError(ENOENT, path: path) }
    try makeFolder(parent)
    guard mkdir(path, 0o777) == 0 || errno == EEXIST else { throw writingError(errno, path: path) }
  case let code: throw writingError(code, path: path)
  }
}
