import Crypto
public import Foundation

/// Keeps what was found out about endpoints, so that not every run asks anew: one file for each endpoint and model.
///
/// The files hold no key. One that is unreadable, of another format or older than `longestAge` counts as none.
public struct EndpointTraitsCache: Sendable {
  /// Seven days, in seconds: servers are updated, and models behind a name change.
  public static let longestAge = 7 * 86_400.0
  private static let format = 1

  public let folder: String
  private let now: @Sendable () -> Date

  private struct File: Codable {
    var format: Int
    var date: Date
    var traits: EndpointTraits
  }

  public init(folder: String, now: @escaping @Sendable () -> Date = { Date() }) {
    self.folder = folder
    self.now = now
  }

  /// `$XDG_CACHE_HOME/earshot/endpoints`, or the same below `~/.cache`; nil where the environment names no home.
  public static func usualFolder(in environment: [String: String]) -> String? {
    let named = { (variable: String) in environment[variable].flatMap { $0.hasPrefix("/") ? $0 : nil } }
    return (named("XDG_CACHE_HOME") ?? named("HOME").map { $0 + "/.cache" }).map { $0 + "/earshot/endpoints" }
  }

  /// What is known of a model of the endpoint, and since when; nil where nothing is, or not any more.
  public func traits(of endpoint: Endpoint, model: String) -> (traits: EndpointTraits, date: Date)? {
    let decoder = JSONDecoder()
    decoder.dateDecodingStrategy = .iso8601
    guard let data = FileManager.default.contents(atPath: path(endpoint.identity, model)),
      let file = try? decoder.decode(File.self, from: data), file.format == Self.format,
      file.traits.endpoint == endpoint.identity, file.traits.model == model
    else { return nil }
    let age = now().timeIntervalSince(file.date)
    // A date to come was written under a wrong clock; a minute allows for two machines.
    guard age < Self.longestAge, age > -60 else { return nil }
    return (file.traits, file.date)
  }

  /// Puts them in the place of what was known. At no time is there a part of a file under its name.
  public func keep(_ traits: EndpointTraits) throws(EndpointTraitsCacheError) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.dateEncodingStrategy = .iso8601
    let path = path(traits.endpoint, traits.model)
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      let data = try encoder.encode(File(format: Self.format, date: now(), traits: traits))
      try data.write(to: URL(fileURLWithPath: path), options: .atomic)
    } catch {
      throw EndpointTraitsCacheError(path: path, reason: error.localizedDescription)
    }
  }

  func path(_ endpoint: String, _ model: String) -> String {
    // The length keeps two pairs from running together.
    let name = SHA256.hash(data: Array("\(endpoint.utf8.count) \(endpoint) \(model)".utf8))
    return "\(folder)/\(hexadecimal(name)).json"
  }
}

/// What was found out about an endpoint cannot be kept. No reason to stop: it can be found out again.
public struct EndpointTraitsCacheError: Error, Sendable, Equatable, CustomStringConvertible {
  public let path: String
  let reason: String

  public var description: String {
    "\(path): cannot be written (\(reason)). Check the folder, or name another in XDG_CACHE_HOME."
  }
}
