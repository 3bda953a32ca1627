import Glibc

/// The right to pull into a place, held by one process at a time and given back by the system when it dies.
struct PullLock: ~Copyable {
  private let path: String
  private let descriptor: Int32

  init(path: String, model: ModelName) throws(HubError) {
    try FileSystem.makeFolder(holding: path)
    let descriptor = try Self.acquire(path, model)
    self.path = path
    self.descriptor = descriptor
  }

  deinit {
    // Still locked, so nobody else's file is removed.
    unlink(path)
    close(descriptor)
  }

  private static func acquire(_ path: String, _ model: ModelName) throws(HubError) -> Int32 {
    for _ in 0..<100 {
      let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o644)
      guard descriptor >= 0 else { throw FileSystem.error(path) }
      guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
        let code = errno
        close(descriptor)
        if code == EINTR { continue }
        throw code == EWOULDBLOCK ? .locked(model: "\(model)", path: path) : FileSystem.error(path, code: code)
      }
      // One who held the lock may have removed the file since it was opened.
      var (mine, there) = (stat(), stat())
      if fstat(descriptor, &mine) == 0, stat(path, &there) == 0, mine.st_ino == there.st_ino { return descriptor }
      close(descriptor)
    }
    throw .locked(model: "\(model)", path: path)
  }
}
