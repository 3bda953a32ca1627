/// A request as `HTTPClient` sends it.
public struct HTTPRequest: Sendable {
  public enum Method: String, Sendable {
    case get = "GET"
    case head = "HEAD"
    case post = "POST"
  }

  public var method: Method
  /// Absolute; http or https.
  public var url: String
  public var headers: HTTPHeaders
  /// Sent with POST only.
  public var body: [UInt8]
  /// Sent in place of `body` where it is set, so that a long file never is in memory.
  public var bodySource: BodySource?
  /// Seconds until the connection, TLS included, must stand.
  public var connectTimeout: Double
  /// Seconds in which at least one byte must come or go, before the first byte too. There is no limit on the whole.
  public var idleTimeout: Double
  /// Bytes of the decoded body above which the transfer is ended.
  public var maximumResponseBytes: Int
  /// Whether the server may pack the body with gzip, which is then unpacked. No, where the bytes themselves count:
  /// ranges are those of the packed body.
  public var acceptsGzip = true
  /// Follow a redirect only to https, or to this machine.
  public var staysEncrypted = false

  public init(
    method: Method, url: String, headers: HTTPHeaders = [:], body: [UInt8] = [], connectTimeout: Double = 20,
    idleTimeout: Double = 600, maximumResponseBytes: Int = 64 << 20
  ) {
    self.method = method
    self.url = url
    self.headers = headers
    self.body = body
    self.connectTimeout = connectTimeout
    self.idleTimeout = idleTimeout
    self.maximumResponseBytes = maximumResponseBytes
  }

  /// The server that a URL leads to, such as "https://host:443"; nil for what is no http or https URL.
  public static func origin(of url: String) -> String? { try? Destination(of: url).origin }
}
