import Foundation

/// What standard error is connected to.
struct Terminal: Sendable {
  var isInteractive: Bool
  var columns: Int

  static var standardError: Terminal {
    let isInteractive = isatty(Screen.descriptor) == 1 && ProcessInfo.processInfo.environment["TERM"] != "dumb"
    var size = winsize()
    let known = ioctl(Screen.descriptor, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
    return Terminal(isInteractive: isInteractive, columns: known ? Int(size.ws_col) : 80)
  }

  /// The width of what results go to: of the terminal, or as much as they take in a file or a pipe.
  static var resultColumns: Int {
    var size = winsize()
    guard isatty(STDOUT_FILENO) == 1 else { return Int.max }
    return ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 ? Int(size.ws_col) : 80
  }
}

/// Writes results, and nothing else, to standard output; a reader that has gone away is no error.
func printResult(_ text: String) {
  write(text + "\n", to: STDOUT_FILENO)
}

/// Writes what is not a result to standard error.
func printNote(_ text: String) {
  write(text + "\n", to: Screen.descriptor)
}

func write(_ text: String, to descriptor: Int32) {
  var bytes = Array(text.utf8)[...]
  while !bytes.isEmpty {
    let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
    if count < 0 && errno == EINTR { continue }
    guard count > 0 else { return }
    bytes = bytes.dropFirst(count)
  }
}
