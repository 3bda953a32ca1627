import Foundation

/// Why a file about a training run could not be written.
public enum MetricsError: Error, Equatable, CustomStringConvertible {
  case diskFull(path: String)
  case cannotWrite(path: String, reason: String)
  case cannotRead(path: String, reason: String)

  public var description: String {
    switch self {
    case .diskFull(let path):
      "\(path) – the disk is full. Make room, then go on with the run from its last checkpoint."
    case .cannotWrite(let path, let reason):
      "\(path) – cannot be written: \(reason). Check the folder and its permissions."
    case .cannotRead(let path, let reason):
      "\(path) – cannot be read: \(reason). Move it away to go on without what it holds."
    }
  }

  /// What an error of Foundation's on a file that is written stands for.
  static func ofFoundation(_ error: any Error, path: String) -> MetricsError {
    ofSystem(DurableFolder.code(of: error), path: path)
  }

  /// The error that a code of `errno` stands for.
  static func ofSystem(_ code: Int32, path: String) -> MetricsError {
    code == ENOSPC || code == EDQUOT
      ? .diskFull(path: path) : .cannotWrite(path: path, reason: String(cString: strerror(code)))
  }
}

/// Writes all of `bytes` at the end of an open file.
func appendAll(_ bytes: [UInt8], to descriptor: Int32, path: String) throws(MetricsError) {
  var written = 0
  while written < bytes.count {
    let count = bytes.withUnsafeBytes { rest in
      Glibc.write(descriptor, rest.baseAddress.map { $0 + written }, rest.count - written)
    }
    if count < 0 && errno == EINTR { continue }
    guard count > 0 else { throw .ofSystem(errno, path: path) }
    written += count
  }
}
