/// An answer that came whole, whatever its status.
public struct HTTPResponse: Sendable {
  public var status: Int
  public var headers: HTTPHeaders
  /// Decoded: a gzip body is unpacked already.
  public var body: [UInt8]
  /// From the start of the transfer to the last byte, redirects included.
  public var seconds: Double
  /// How many connections had to be opened: 0 when an open one was used again.
  public var newConnections: Int
  /// Who answered at last, such as "https://host:443".
  public var origin: String

  public init(
    status: Int, headers: HTTPHeaders, body: [UInt8], seconds: Double, newConnections: Int = 0, origin: String = ""
  ) {
    self.status = status
    self.headers = headers
    self.body = body
    self.seconds = seconds
    self.newConnections = newConnections
    self.origin = origin
  }
}
