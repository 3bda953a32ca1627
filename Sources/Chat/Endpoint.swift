import Foundation

/// A server that speaks OpenAI's chat completions, and how it is to be treated.
public struct Endpoint: Sendable {
  /// Such as "https://host/v1": scheme and host in lower case, no default port, no slash at the end.
  public let baseURL: String
  /// What stands for the endpoint in request keys: the base URL, or a name such as "builtin/1" that outlives a port.
  public let identity: String
  /// Sent as a bearer token.
  public let key: Secret?
  /// The environment variable that the key was taken from, for messages.
  public let keyVariable: String?
  /// Requests in flight at a time, at most; those that wait for another attempt are not in flight. Set it high: how
  /// many there really are adapts to what the endpoint works on.
  public let concurrency: Int
  /// Limits to keep. Others are learned from the endpoint's answers where they tell any.
  public let limits: RateLimits
  /// How often a request is made before it counts as failed.
  public let maximumAttempts: Int
  /// Seconds without a single success, while everything fails, after which requests are given up.
  public let patience: Double
  /// Seconds.
  public let connectTimeout: Double
  /// Seconds without a single byte. A slow answer is no failure: there is no limit on the whole.
  public let idleTimeout: Double
  public let maximumResponseBytes: Int

  /// Throws `ChatError.badBaseURL` or `ChatError.badKey`. A key of nothing but spaces is no key.
  public init(
    baseURL: String, identity: String? = nil, apiKey: String? = nil, keyVariable: String? = nil, concurrency: Int = 8,
    limits: RateLimits = RateLimits(), maximumAttempts: Int = 6, patience: Double = 600, connectTimeout: Double = 20,
    idleTimeout: Double = 600, maximumResponseBytes: Int = 64 << 20
  ) throws(ChatError) {
    let baseURL = try Self.normalised(baseURL)
    let key = apiKey?.trimmingCharacters(in: .whitespacesAndNewlines) ?? ""
    guard key.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) else { throw .badKey(variable: keyVariable) }
    self.baseURL = baseURL
    self.identity = identity ?? baseURL
    self.key = key.isEmpty ? nil : Secret(value: key)
    self.keyVariable = keyVariable
    self.concurrency = max(1, concurrency)
    self.limits = limits
    self.maximumAttempts = max(1, maximumAttempts)
    self.patience = max(0, patience)
    self.connectTimeout = connectTimeout
    self.idleTimeout = idleTimeout
    self.maximumResponseBytes = maximumResponseBytes
  }

  private static func normalised(_ text: String) throws(ChatError) -> String {
    let text = text.trimmingCharacters(in: .whitespacesAndNewlines)
    guard let parts = URLComponents(string: text), let scheme = parts.scheme?.lowercased(),
      scheme == "http" || scheme == "https", let host = parts.encodedHost?.lowercased(), !host.isEmpty
    else { throw .badBaseURL(withoutSecrets(text), reason: "not an http or https URL") }
    guard parts.user == nil, parts.password == nil else {
      throw .badBaseURL(withoutSecrets(text), reason: "holds a user name or password")
    }
    guard parts.query == nil, parts.fragment == nil else {
      throw .badBaseURL(withoutSecrets(text), reason: "holds a query or fragment")
    }
    let port = parts.port.flatMap { $0 == (scheme == "https" ? 443 : 80) ? nil : ":\($0)" } ?? ""
    return "\(scheme)://\(host)\(port)\(withoutCompletions(parts.percentEncodedPath))"
  }

  /// People paste the whole address from a manual.
  private static func withoutCompletions(_ path: String) -> String {
    var segments = path.split(separator: "/").map(String.init)
    if segments.suffix(2) == ["chat", "completions"] { segments.removeLast(2) }
    return segments.map { "/" + $0 }.joined()
  }

  private static func withoutSecrets(_ text: String) -> String {
    let bare = text.prefix { $0 != "?" && $0 != "#" }
    guard let at = bare.lastIndex(of: "@") else { return String(bare) }
    return String(bare[bare.index(after: at)...])
  }
}
