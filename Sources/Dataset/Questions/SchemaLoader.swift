/// Makes rules of a schema's JSON.
struct SchemaLoader {
  /// Objects and keywords' values that hold schemas, all together.
  static let mostParts = 1_000

  private var parts = 0

  mutating func node(_ value: JSONValue, at path: String) throws(SchemaError) -> SchemaNode {
    parts += 1
    guard parts <= Self.mostParts else { throw .tooLarge(most: Self.mostParts) }
    switch value {
    case .bool(let isAnything): return isAnything ? .anything : .nothing
    case .object: return .rules(try rules(value, at: path))
    default: throw .notASchema(path: path, reason: "\(value.kind) stands where a schema, an object, belongs")
    }
  }

  private mutating func rules(_ value: JSONValue, at path: String) throws(SchemaError) -> SchemaRules {
    guard value.member("$ref") == nil else { throw .reference(path: path) }
    var rules = SchemaRules()
    rules.kinds = try kinds(value.member("type"), at: path)
    rules.allowed = try list(value.member("enum"), "enum", at: path)
    if let only = value.member("const") { rules.allowed = [only] }
    for (index, branch) in (try list(value.member("anyOf"), "anyOf", at: path) ?? []).enumerated() {
      rules.anyOf.append(try node(branch, at: Self.joined(path, "anyOf[\(index)]")))
    }
    try readObjects(value, into: &rules, at: path)
    if let items = value.member("items") { rules.items = try node(items, at: Self.joined(path, "items")) }
    rules.itemCount = try bounds(value, "minItems", "maxItems", at: path)
    rules.length = try bounds(value, "minLength", "maxLength", at: path)
    rules.number = try bounds(value, "minimum", "maximum", at: path)
    try readExclusive(value, into: &rules.number, at: path)
    return rules
  }

  private mutating func readObjects(
    _ value: JSONValue, into rules: inout SchemaRules, at path: String
  ) throws(SchemaError) {
    if let properties = value.member("properties") {
      guard case .object(let members) = properties else { throw wrong(properties, "properties", at: path) }
      for member in members {
        let place = Self.joined(path, "properties." + shortened(member.name))
        rules.properties[member.name] = try node(member.value, at: place)
      }
    }
    for name in try list(value.member("required"), "required", at: path) ?? [] {
      guard case .string(let text) = name else { throw wrong(name, "required", at: path) }
      rules.required.append(text)
    }
    if let additional = value.member("additionalProperties") {
      rules.additional = try node(additional, at: Self.joined(path, "additionalProperties"))
    }
  }

  /// `type`: a name or a list of names.
  private func kinds(_ value: JSONValue?, at path: String) throws(SchemaError) -> [SchemaRules.Kind] {
    guard let value else { return [] }
    var kinds: [SchemaRules.Kind] = []
    for name in value.elements ?? [value] {
      guard case .string(let text) = name, let kind = SchemaRules.Kind(rawValue: text) else {
        let known = SchemaRules.Kind.allCases.map(\.rawValue).joined(separator: ", ")
        throw .notASchema(
          path: Self.joined(path, "type"), reason: "'\(shortened(name.string ?? name.kind))' is none of \(known)")
      }
      kinds.append(kind)
    }
    return kinds
  }

  private func bounds(
    _ value: JSONValue, _ least: String, _ most: String, at path: String
  ) throws(SchemaError) -> SchemaBounds {
    SchemaBounds(least: try number(value, least, at: path), most: try number(value, most, at: path))
  }

  private func readExclusive(
    _ value: JSONValue, into bounds: inout SchemaBounds, at path: String
  ) throws(SchemaError) {
    if let least = try number(value, "exclusiveMinimum", at: path), least >= bounds.least ?? -.infinity {
      (bounds.least, bounds.aboveLeast) = (least, true)
    }
    if let most = try number(value, "exclusiveMaximum", at: path), most <= bounds.most ?? .infinity {
      (bounds.most, bounds.belowMost) = (most, true)
    }
  }

  private func number(_ value: JSONValue, _ name: String, at path: String) throws(SchemaError) -> Double? {
    guard let found = value.member(name) else { return nil }
    guard let number = found.finiteNumber else { throw wrong(found, name, at: path) }
    return number
  }

  private func list(_ value: JSONValue?, _ name: String, at path: String) throws(SchemaError) -> [JSONValue]? {
    guard let value else { return nil }
    guard let elements = value.elements else { throw wrong(value, name, at: path) }
    return elements
  }

  private func wrong(_ value: JSONValue, _ name: String, at path: String) -> SchemaError {
    .notASchema(path: Self.joined(path, name), reason: "\(value.kind) does not belong here")
  }

  private static func joined(_ path: String, _ name: String) -> String { path.isEmpty ? name : path + "." + name }
}

extension JSONValue {
  /// A number's value, as far as a Double holds it; nil for anything else.
  var finiteNumber: Double? {
    guard case .number(let text) = self, let number = Double(text), number.isFinite else { return nil }
    return number
  }
}
