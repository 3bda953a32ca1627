import Glibc

/// A file mapped into memory to read.
///
/// The size is that of the moment it was opened; a file that another program cuts shorter afterwards ends this program
/// with SIGBUS when the lost bytes are read. Files of a model are replaced by renaming, never cut, by everything here.
///
/// @unchecked because the memory is never written to.
final class MappedFile: @unchecked Sendable {
  let path: String
  let bytes: UnsafeRawBufferPointer

  init(path: String) throws(CheckpointError) {
    self.path = path
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw readingError(errno, path: path) }
    defer { close(descriptor) }
    let size = try ordinaryFileSize(descriptor, path: path)
    guard size > 0 else {
      bytes = UnsafeRawBufferPointer(start: nil, count: 0)
      return
    }
    guard let memory = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0), memory != MAP_FAILED else {
      throw .file(path, .unreadable(reason: systemText(errno)))
    }
    bytes = UnsafeRawBufferPointer(start: memory, count: size)
  }

  deinit {
    if let start = bytes.baseAddress { munmap(UnsafeMutableRawPointer(mutating: start), bytes.count) }
  }
}

/// The bytes of a whole file of at most `limit`.
package func readFile(_ path: String, limit: Int) throws(CheckpointError) -> [UInt8] {
  let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
  guard descriptor >= 0 else { throw readingError(errno, path: path) }
  defer { close(descriptor) }
  let size = try ordinaryFileSize(descriptor, path: path)
  guard size <= limit else { throw .file(path, .tooLarge(limit: limit)) }
  var failure: Int32 = 0
  let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
    while count < size {
      let got = read(descriptor, buffer.baseAddress.map { $0 + count }, size - count)
      if got < 0 && errno == EINTR { continue }
      if got < 0 { failure = errno }
      guard got > 0 else { break }
      count += got
    }
  }
  guard failure == 0 else { throw readingError(failure, path: path) }
  return bytes
}

package func fileExists(_ path: String) -> Bool { access(path, F_OK) == 0 }

private func ordinaryFileSize(_ descriptor: Int32, path: String) throws(CheckpointError) -> Int {
  var status = stat()
  guard fstat(descriptor, &status) == 0 else { throw readingError(errno, path: path) }
  guard status.st_mode & S_IFMT == S_IFREG else { throw .file(path, .notAFile) }
  return Int(status.st_size)
}

private func readingError(_ code: Int32, path: String) -> CheckpointError {
  switch code {
  case ENOENT, ENOTDIR: .file(path, .missing)
  case EACCES, EPERM: .file(path, .unreadable(reason: "no permission"))
  case let code: .file(path, .unreadable(reason: systemText(code)))
  }
}

/// What the system calls the error `code`.
package func systemText(_ code: Int32) -> String {
  var buffer = [CChar](repeating: 0, count: 256)
  guard strerror_r(code, &buffer, buffer.count) == 0 else { return "error \(code)" }
  return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
}
