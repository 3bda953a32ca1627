import Crypto

/// What a request is known by: equal keys mean the same question put to the same endpoint.
public struct RequestKey: Sendable, Hashable, CustomStringConvertible {
  /// A SHA-256 in 64 lower-case hexadecimal digits.
  public let hex: String

  /// Over the endpoint's identity and the canonical body. `salt` counts up when the same question is put once more
  /// because its answer was of no use.
  public init(_ request: ChatRequest, endpoint: Endpoint, salt: Int = 0) {
    self.init(body: request.canonicalBody, endpoint: endpoint, salt: salt)
  }

  /// The same of a request whose canonical body is there already.
  public init(body: [UInt8], endpoint: Endpoint, salt: Int = 0) {
    self.init(
      method: "POST", identity: endpoint.identity, path: ChatClient.completionsPath, body: body, salt: salt)
  }

  /// Each field goes in with its length before it, as 8 little-endian bytes, so that no two sets of
  /// fields run together.
  public init(method: String, identity: String, path: String, body: [UInt8], salt: Int) {
    var hasher = SHA256()
    let fields = ["earshot-request-1", method, identity, path].map { Array($0.utf8) } + [body, Array("\(salt)".utf8)]
    for field in fields {
      withUnsafeBytes(of: UInt64(field.count).littleEndian) { hasher.update(bufferPointer: $0) }
      field.withUnsafeBytes { hasher.update(bufferPointer: $0) }
    }
    hex = hexadecimal(hasher.finalize())
  }

  public var description: String { hex }
}
