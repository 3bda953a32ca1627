/// What keeps a server of ours from running.
public enum WebError: Error, Equatable, CustomStringConvertible {
  /// The port on 127.0.0.1 could not be opened; 0 stands for any free port.
  case couldNotListen(port: Int, reason: String)
  /// The request log could not be opened for writing.
  case couldNotOpenLog(path: String, reason: String)

  public var description: String {
    switch self {
    case .couldNotListen(let port, let reason):
      "127.0.0.1:\(port): the port cannot be listened on (\(reason)). Choose another port, or 0 for any."
    case .couldNotOpenLog(let path, let reason):
      "\(path): the request log cannot be written (\(reason)). Check the folder and its permissions."
    }
  }
}
