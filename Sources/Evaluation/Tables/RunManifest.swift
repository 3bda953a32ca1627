import Foundation

/// What a result's `manifest.json` says, as far as comparisons need it.
public struct RunManifest: Sendable, Equatable, Codable {
  /// The test set.
  public struct DataSet: Sendable, Equatable, Codable {
    /// The file's name, without its folder.
    public var file: String
    public var format: String?
    public var items: Int
    public var sha256: String

    public init(file: String, format: String? = nil, items: Int, sha256: String) {
      self.file = file
      self.format = format
      self.items = items
      self.sha256 = sha256
    }
  }

  /// Who answered, and how.
  public var answerer: [String: String]
  public var data: DataSet
  public var extraction: String?
  public var hearing: String?
  public var orders: Int?
  public var program: String?
  public var seed: UInt64?

  public init(answerer: [String: String], data: DataSet, extraction: String? = nil, program: String? = nil) {
    self.answerer = answerer
    self.data = data
    self.extraction = extraction
    self.program = program
    orders = 1
  }

  /// As JSON, members by name, with a line break at the end.
  public var json: String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
    return ((try? encoder.encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? "{}") + "\n"
  }

  /// A setting that two runs have not in common.
  public struct Difference: Sendable, Equatable, Encodable {
    public var name: String
    public var first: String
    public var second: String
    /// Whether a difference of scores may come of how was asked and read, and not of who answered.
    public var isOfMethod: Bool
  }

  /// What differs, by name; the test set aside.
  public func differences(from other: RunManifest) -> [Difference] {
    let (own, others) = (fields, other.fields)
    return Set(own.keys).union(others.keys).sorted().compactMap { name in
      guard own[name] != others[name] else { return nil }
      return Difference(
        name: name, first: own[name] ?? "none", second: others[name] ?? "none", isOfMethod: Self.isOfMethod(name))
    }
  }

  private static let methods: Set<String> = [
    "decoding", "extraction", "max-tokens", "min-p", "orders", "repetition-penalty", "temperature", "top-k", "top-p",
    "way",
  ]

  private static func isOfMethod(_ name: String) -> Bool { methods.contains(name) || name.hasPrefix("prompt") }

  private var fields: [String: String] {
    var fields = answerer
    fields["program"] = program
    fields["extraction"] = extraction
    fields["hearing"] = hearing
    fields["orders"] = orders.map(String.init)
    fields["seed of sounds"] = seed.map(String.init)
    return fields
  }
}
