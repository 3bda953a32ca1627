/// Why no whole answer came.
public enum TransferError: Error, Equatable, Sendable {
  /// The URL is not an absolute http or https one. It is kept without user info and query, which may hold secrets.
  case badURL(String)
  /// A header's name or value has a character that HTTP forbids, such as a line break. Only the name is kept.
  case badHeader(name: String)
  case couldNotResolve(host: String)
  case refused(host: String, port: Int)
  case connectTimeout(host: String, port: Int, seconds: Double)
  case tls(host: String, reason: String)
  /// No byte came or went for this long.
  case idle(seconds: Double)
  /// The connection ended before the answer did.
  case cutOff(received: Int)
  /// The answer is larger than this many bytes.
  case tooLarge(limit: Int)
  /// The body that was to be sent could not be read to its end.
  case unreadableBody
  case cancelled
  /// The client was shut down.
  case closed
  /// Another libcurl result (its CURLcode), with libcurl's own words.
  case other(code: Int, text: String)
}

extension TransferError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .badURL(let url):
      "'\(url)': not an http or https URL. Write it as https://host/path."
    case .badHeader(let name):
      "header '\(name)': holds a character that HTTP does not allow. Look for a line break or a space at its end."
    case .couldNotResolve(let host):
      "\(host): no such host. Check its name and the network."
    case .refused(let host, let port):
      "\(host):\(port): no connection. Check that a server listens there."
    case .connectTimeout(let host, let port, let seconds):
      "\(host):\(port): no connection within \(inWords(seconds)). Check the network, or whether the host is up."
    case .tls(let host, let reason):
      "\(host): no secure connection (\(reason)). Check the certificate and the clock."
    case .idle(let seconds):
      "no byte came for \(inWords(seconds)). The server may be overloaded; raise the idle timeout if it only is slow."
    case .cutOff(let received):
      "the connection ended in the middle of the answer, after \(received) bytes of its body."
    case .tooLarge(let limit):
      "the answer is larger than \(limit) bytes."
    case .unreadableBody:
      "what was to be sent could not be read to its end. Check the disk that it is on."
    case .cancelled:
      "cancelled"
    case .closed:
      "the HTTP client is shut down"
    case .other(let code, let text):
      "\(text) (libcurl \(code))"
    }
  }

  private func inWords(_ seconds: Double) -> String {
    let number = seconds == seconds.rounded() && seconds < 1e9 ? "\(Int(seconds))" : "\(seconds)"
    return number == "1" ? "1 second" : "\(number) seconds"
  }
}
