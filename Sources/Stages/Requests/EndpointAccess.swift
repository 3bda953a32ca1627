public import Chat
import Foundation
import Pipelines
import Web

/// A chat endpoint as a section of a pipeline or a command names it, and how to get at it.
public struct EndpointAccess: Sendable {
  /// The endpoint without its key; of the built-in one, without its port.
  let endpoint: Endpoint
  let isBuiltin: Bool
  /// Whether to find out first what the endpoint does with requests.
  let isProbed: Bool
  private let keyVariable: String?
  /// What the setting that names the key's variable is called, such as "write.key".
  private let keySetting: String

  /// What `endpoint` says for the stand-in that the program starts itself.
  static let builtin = "builtin"
  private static let usualKeyVariable = "OPENAI_API_KEY"

  /// `concurrency` is how many requests are in flight where the section does not say; whether to probe is said there or
  /// in `fallback`.
  init(_ section: Section, concurrency: Int, fallback: Section? = nil) throws {
    let url = try section.string("endpoint", default: Self.builtin)
    isBuiltin = url == Self.builtin
    isProbed = try section.bool("probe", default: try fallback?.bool("probe", default: true) ?? true)
    keyVariable = try section.optionalVariableName("key")
    keySetting = "\(section.name).key"
    endpoint = try Endpoint(
      baseURL: isBuiltin ? "http://127.0.0.1" : url, identity: isBuiltin ? "builtin/\(StandInServer.version)" : nil,
      keyVariable: keyVariable ?? Self.usualKeyVariable,
      concurrency: try section.int("concurrency", in: 1...1024, default: concurrency),
      limits: RateLimits(
        requestsPerMinute: try section.optionalInt("requests_per_minute", in: 1...1_000_000_000),
        tokensPerMinute: try section.optionalInt("tokens_per_minute", in: 1...1_000_000_000_000)),
      maximumAttempts: try section.int("attempts", in: 1...20, default: 6),
      patience: try section.duration("patience", in: 0...86_400, default: 600),
      idleTimeout: try section.duration("idle_timeout", in: 1...86_400, default: 600))
  }

  /// As a command's options name it: `url` is "builtin" for the stand-in, `key` the variable that holds the key.
  /// `keySetting` is what the option for the latter is called.
  public init(url: String, key: String?, keySetting: String, concurrency: Int) throws(ChatError) {
    isBuiltin = url == Self.builtin
    isProbed = false
    keyVariable = key
    self.keySetting = keySetting
    endpoint = try Endpoint(
      baseURL: isBuiltin ? "http://127.0.0.1" : url, identity: isBuiltin ? "builtin/\(StandInServer.version)" : nil,
      keyVariable: keyVariable ?? Self.usualKeyVariable, concurrency: concurrency)
  }

  /// Runs `body` with a client for the endpoint; the built-in stand-in is started for that time.
  public func withClient(_ body: (ChatClient) async throws -> Void) async throws {
    guard isBuiltin else { return try await body(ChatClient(endpoint: try endpoint(at: endpoint.baseURL, key: key()))) }
    let server = try await StandInServer.start()
    let result: Result<Void, any Error>
    do {
      result = .success(try await body(ChatClient(endpoint: try endpoint(at: server.baseURL, key: nil))))
    } catch {
      result = .failure(error)
    }
    await server.stop()
    try result.get()
  }

  /// Throws where the endpoint needs a key and none is set.
  func checkKey() throws(StagesError) {
    if !isBuiltin { _ = try key() }
  }

  private func endpoint(at baseURL: String, key: String?) throws(ChatError) -> Endpoint {
    try Endpoint(
      baseURL: baseURL, identity: endpoint.identity, apiKey: key, keyVariable: endpoint.keyVariable,
      concurrency: endpoint.concurrency, limits: endpoint.limits, maximumAttempts: endpoint.maximumAttempts,
      patience: endpoint.patience, idleTimeout: endpoint.idleTimeout)
  }

  /// The key from the environment. A server on this machine may do without one, and so may any with `key: none`.
  private func key() throws(StagesError) -> String? {
    if keyVariable == "none" { return nil }
    let variable = keyVariable ?? Self.usualKeyVariable
    if let key = ProcessInfo.processInfo.environment[variable], !key.isEmpty { return key }
    if keyVariable == nil && isOnThisMachine { return nil }
    throw .keyMissing(variable: variable, endpoint: endpoint.baseURL, setting: keySetting)
  }

  private var isOnThisMachine: Bool {
    let host = URLComponents(string: endpoint.baseURL)?.host ?? ""
    return host == "localhost" || host.hasPrefix("127.") || host == "::1" || host == "[::1]"
  }
}
