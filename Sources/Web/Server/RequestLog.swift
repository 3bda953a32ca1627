import Foundation

/// The file in which a stand-in server writes down what it answered, so that another process can count what was billed.
/// `StandInServer.start` describes its lines.
struct RequestLog {
  private let file: FileHandle

  /// Opens the file at `path` to add to it; makes it where there is none.
  init(path: String) throws(WebError) {
    let descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw .couldNotOpenLog(path: path, reason: String(cString: strerror(errno)))
    }
    file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
  }

  /// Adds a line. On return the kernel has it, so it outlives this process.
  func add(_ line: String) {
    // A full disk must not stop the endpoint; the count in `/v1/stats` goes on.
    try? file.write(contentsOf: Data((line + "\n").utf8))
  }
}
