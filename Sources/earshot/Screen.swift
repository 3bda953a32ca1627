import Foundation

/// The standard error that the program was started with, and what other code writes to descriptor 2 meanwhile.
///
/// libmpg123, inside libsndfile, prints what it thinks of a damaged MP3 straight to standard error, in the middle of a
/// progress bar, and offers no switch for it.
enum Screen {
  /// Where notes and progress go.
  static let descriptor: Int32 = {
    let copy = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3)
    return copy >= 0 ? copy : STDERR_FILENO
  }()

  /// Runs `body` while whatever others print to standard error goes to the file `path`, which stays only if they do.
  static func keepingMessages<Value>(in path: String, _ body: () async throws -> Value) async throws -> Value {
    let screen = descriptor
    let file = open(path, O_CREAT | O_TRUNC | O_WRONLY | O_APPEND | O_CLOEXEC, 0o644)
    guard file >= 0 else { return try await body() }
    dup2(file, STDERR_FILENO)
    close(file)
    defer {
      dup2(screen, STDERR_FILENO)
      var status = stat()
      if stat(path, &status) == 0 && status.st_size == 0 { unlink(path) }
    }
    return try await body()
  }
}
