/// Header fields in the order they came or go out; names are looked up whatever their case.
///
/// Values of fields that carry credentials never show in a description or a dump.
public struct HTTPHeaders: Sendable, Equatable {
  /// One header field.
  public struct Field: Sendable, Equatable {
    public var name: String
    public var value: String

    public init(name: String, value: String) {
      self.name = name
      self.value = value
    }
  }

  public private(set) var fields: [Field]

  public init(_ fields: [Field] = []) {
    self.fields = fields
  }

  /// The value of the first field of this name.
  public subscript(name: String) -> String? {
    fields.first { $0.isNamed(name) }?.value
  }

  /// The values of all fields of this name, in order.
  public func values(of name: String) -> [String] {
    fields.filter { $0.isNamed(name) }.map(\.value)
  }

  /// Adds a field after all others, even where one of the same name exists.
  public mutating func append(_ name: String, _ value: String) {
    fields.append(Field(name: name, value: value))
  }

  /// Takes out every field of this name.
  public mutating func remove(_ name: String) {
    fields.removeAll { $0.isNamed(name) }
  }

  /// Takes out what another server must not see, or would not understand: credentials, and the entity tag that an
  /// `If-Range` compares.
  mutating func removeWhatIsForOneServer() {
    fields.removeAll { $0.isCredential || $0.isNamed("If-Range") }
  }

  /// Adds the continuation of a folded field (RFC 9112, 5.2) to the last value.
  mutating func extendLast(with text: String) {
    guard let last = fields.indices.last else { return }
    fields[last].value += " " + text
  }
}

extension HTTPHeaders: ExpressibleByDictionaryLiteral {
  public init(dictionaryLiteral elements: (String, String)...) {
    self.init(elements.map { Field(name: $0.0, value: $0.1) })
  }
}

extension HTTPHeaders.Field {
  private static let credentialNames: Set<String> = [
    "authorization", "proxy-authorization", "api-key", "x-api-key", "x-goog-api-key", "cookie", "set-cookie",
  ]

  /// Whether the value is a secret.
  public var isCredential: Bool { Self.credentialNames.contains(name.lowercased()) }

  func isNamed(_ other: String) -> Bool { name.lowercased() == other.lowercased() }
}

extension HTTPHeaders.Field: CustomStringConvertible, CustomReflectable {
  public var description: String { isCredential ? "\(name): [hidden]" : "\(name): \(value)" }

  public var customMirror: Mirror { Mirror(self, children: ["field": description]) }
}

extension HTTPHeaders: CustomStringConvertible {
  public var description: String { fields.map(\.description).joined(separator: "\n") }
}
