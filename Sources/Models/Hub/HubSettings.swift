import Foundation

/// What the environment says about the hub, in huggingface_hub's own variables.
public struct HubSettings: Sendable {
  /// `HF_ENDPOINT`, without a slash at the end.
  public let endpoint: String
  /// Where pulled models are kept: `HF_HUB_CACHE`, `HF_HOME`/hub, or ~/.cache/huggingface/hub.
  public let cacheFolder: String
  /// `HF_HUB_OFFLINE`: nothing may be asked of any server.
  public let isOffline: Bool
  let token: HubToken?

  /// From the process's own environment as a rule. Throws `HubError.badEndpoint` and `HubError.badToken`.
  public init(environment: [String: String]) throws(HubError) {
    let text = environment["HF_ENDPOINT"] ?? ""
    endpoint = try Self.endpoint(text.isEmpty ? "https://huggingface.co" : text)
    token = try HubToken(environment["HF_TOKEN"] ?? "")
    cacheFolder = Self.cacheFolder(environment)
    isOffline = ["HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"].contains { Self.isTrue(environment[$0]) }
  }

  /// The folder of `cacheFolder` alone, for those who ask no server.
  public static func cacheFolder(_ environment: [String: String]) -> String {
    func value(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
    let home = value("HOME") ?? NSHomeDirectory()
    func expanded(_ path: String) -> String { path == "~" || path.hasPrefix("~/") ? home + path.dropFirst() : path }
    if let folder = value("HF_HUB_CACHE") ?? value("HUGGINGFACE_HUB_CACHE") { return expanded(folder) }
    if let folder = value("HF_HOME") { return expanded(folder) + "/hub" }
    return expanded(value("XDG_CACHE_HOME") ?? home + "/.cache") + "/huggingface/hub"
  }

  private static func isTrue(_ value: String?) -> Bool {
    ["1", "ON", "YES", "TRUE"].contains(value?.uppercased() ?? "")
  }

  private static func endpoint(_ text: String) throws(HubError) -> String {
    let text = text.trimmingCharacters(in: .whitespacesAndNewlines)
    guard let parts = URLComponents(string: text), let host = parts.host, !host.isEmpty,
      parts.user == nil, parts.password == nil, parts.query == nil, parts.fragment == nil
    else { throw .badEndpoint(reason: "not a plain URL") }
    switch parts.scheme?.lowercased() {
    case "https": break
    case "http" where isLoopback(host): break
    case "http": throw .badEndpoint(reason: "http is taken for this machine only")
    default: throw .badEndpoint(reason: "not an https URL")
    }
    return String(text.reversed().drop { $0 == "/" }.reversed())
  }

  private static func isLoopback(_ host: String) -> Bool {
    ["localhost", "::1", "[::1]"].contains(host.lowercased()) || host.wholeMatch(of: /127(\.[0-9]{1,3}){3}/) != nil
  }
}

/// A token that no description, dump or interpolation shows.
struct HubToken: Sendable {
  let value: String

  /// Nil for nothing but spaces.
  init?(_ text: String) throws(HubError) {
    value = text.trimmingCharacters(in: .whitespacesAndNewlines)
    guard value.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) else { throw .badToken }
    if value.isEmpty { return nil }
  }
}

extension HubToken: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  var description: String { "[hidden]" }

  var debugDescription: String { description }

  var customMirror: Mirror { Mirror(self, children: []) }
}
