/// The one value that a JSON schema allows, where it allows but one. Reads no more of the schema than it must, so that a
/// schema of questions costs next to nothing.
struct OnlyLegalValue: Decodable {
  /// Nil where there are several, or none is known.
  let value: PlainJSON?

  private enum Key: String, CodingKey {
    case const, properties, required, items, minItems, maxItems, type
    case choices = "enum"
  }

  private struct Name: CodingKey {
    var stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  /// Longest list that is written out.
  private static let mostItems = 64

  init(from decoder: any Decoder) throws {
    guard let schema = try? decoder.container(keyedBy: Key.self) else {
      value = nil
      return
    }
    if schema.contains(.const) {
      value = try schema.decode(PlainJSON.self, forKey: .const)
    } else if schema.contains(.choices) {
      var choices = try schema.nestedUnkeyedContainer(forKey: .choices)
      value = choices.count == 1 ? try choices.decode(PlainJSON.self) : nil
    } else if schema.contains(.properties) {
      value = try Self.object(schema)
    } else if schema.contains(.items) {
      value = try Self.array(schema)
    } else {
      value = nil
    }
  }

  private static func object(_ schema: KeyedDecodingContainer<Key>) throws -> PlainJSON? {
    guard let required = try? schema.decode(Set<String>.self, forKey: .required) else { return nil }
    let properties = try schema.nestedContainer(keyedBy: Name.self, forKey: .properties)
    guard required == Set(properties.allKeys.map(\.stringValue)) else { return nil }
    var object: [String: PlainJSON] = [:]
    for name in properties.allKeys {
      guard let only = try properties.decode(OnlyLegalValue.self, forKey: name).value else { return nil }
      object[name.stringValue] = only
    }
    return .object(object)
  }

  private static func array(_ schema: KeyedDecodingContainer<Key>) throws -> PlainJSON? {
    guard let count = try? schema.decode(Int.self, forKey: .minItems), (0...mostItems).contains(count),
      count == (try? schema.decode(Int.self, forKey: .maxItems)),
      let item = try schema.decode(OnlyLegalValue.self, forKey: .items).value
    else { return nil }
    return .array(Array(repeating: item, count: count))
  }
}
