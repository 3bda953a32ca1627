import Foundation
import Synchronization

/// A file on its way: the bytes so far, in a file that outlives this process.
final class PartialFile: Sendable {
  private struct State {
    var count = 0
    var failure: HubError?
  }

  let path: String
  private let file: HubFile
  private let descriptor: Int32
  private let state = Mutex(State())

  /// Opens the file, or makes it. What it holds already counts only after `keepLeftover()`.
  init(path: String, for file: HubFile) throws(HubError) {
    try FileSystem.makeFolder(holding: path)
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o666)
    guard descriptor >= 0 else { throw FileSystem.error(path) }
    self.path = path
    self.file = file
  }

  deinit { close(descriptor) }

  /// Bytes that are there.
  var count: Int { state.withLock { $0.count } }

  /// Why bytes could not be taken.
  var failure: HubError? { state.withLock { $0.failure } }

  /// Goes on from what an earlier process left; returns how much that is.
  func keepLeftover() throws(HubError) -> Int {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw FileSystem.error(path) }
    // More than the whole file is no part of it.
    guard status.st_size <= file.size else {
      try startOver()
      return 0
    }
    let count = Int(status.st_size)
    state.withLock { $0.count = count }
    return count
  }

  /// The checksum of what the disk holds, which is what the file will be used with: others may have written to it since
  /// the bytes came.
  func checksum() async throws(HubError) -> String {
    let result = await FileSystem.onOwnThread { [descriptor, file, path] isCancelled in
      Result { () throws(HubError) in
        try FileReading.checksum(of: file, from: descriptor, path: path, unless: isCancelled)
      }
    }
    return try result.get()
  }

  /// Drops what is there.
  func startOver() throws(HubError) {
    guard ftruncate(descriptor, 0) == 0 else { throw FileSystem.error(path) }
    state.withLock { $0 = State() }
  }

  /// Adds bytes at the end; false where they are too many, or the disk does not take them.
  func append(_ bytes: UnsafeRawBufferPointer) -> Bool {
    state.withLock { state in
      guard bytes.count <= file.size - state.count else {
        state.failure = .badAnswer(file: file.path, reason: "more came than the \(file.size) bytes that the hub lists")
        return false
      }
      var written = 0
      while written < bytes.count {
        let count = pwrite(
          descriptor, bytes.baseAddress.map { $0 + written }, bytes.count - written, off_t(state.count + written))
        if count < 0 && errno == EINTR { continue }
        guard count > 0 else {
          state.failure = FileSystem.error(path, code: count < 0 ? errno : ENOSPC)
          return false
        }
        written += count
      }
      state.count += bytes.count
      return true
    }
  }

  /// Removes the file.
  func remove() { unlink(path) }

  /// Gives the file its name, once its checksum is right.
  func finish(as name: String) async throws(HubError) {
    let result = await FileSystem.onOwnThread { [descriptor, path] _ in
      Result { () throws(HubError) in
        try FileSystem.makeFolder(holding: name)
        guard fsync(descriptor) == 0, rename(path, name) == 0 else { throw FileSystem.error(name) }
      }
    }
    try result.get()
  }
}

/// Reads files for their checksum.
enum FileReading {
  /// Whether the file at `path` has the checksum of `file`; reads all of it.
  static func isWhole(_ file: HubFile, at path: String) async throws(HubError) -> Bool {
    let result = await FileSystem.onOwnThread { isCancelled in
      Result { () throws(HubError) in
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileSystem.error(path) }
        defer { close(descriptor) }
        return try checksum(of: file, from: descriptor, path: path, unless: isCancelled) == file.checksum.text
      }
    }
    return try result.get()
  }

  /// The checksum of an open file, of the kind that `file` has; reads all of it.
  static func checksum(
    of file: HubFile, from descriptor: Int32, path: String, unless isCancelled: () -> Bool
  ) throws(HubError) -> String {
    var checksum = RunningChecksum(for: file.checksum, size: file.size)
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 4 << 20, alignment: 4096)
    defer { buffer.deallocate() }
    var offset = 0
    while true {
      if isCancelled() { throw .cancelled }
      let count = pread(descriptor, buffer.baseAddress, buffer.count, off_t(offset))
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw FileSystem.error(path) }
      if count == 0 { return checksum.text }
      checksum.update(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
      offset += count
    }
  }
}
