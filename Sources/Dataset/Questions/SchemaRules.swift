/// A JSON schema, or a part of one.
indirect enum SchemaNode: Equatable, Sendable {
  case anything
  case nothing
  case rules(SchemaRules)
}

/// What an object of a JSON schema asks of a value: the keywords that prompts use. All others are ignored.
struct SchemaRules: Equatable, Sendable {
  enum Kind: String, CaseIterable {
    case null, boolean, integer, number, string, array, object
  }

  /// Empty where any will do.
  var kinds: [Kind] = []
  /// `enum`, and `const` as one of one; nil where any value will do.
  var allowed: [JSONValue]?
  var anyOf: [SchemaNode] = []

  var properties: [String: SchemaNode] = [:]
  var required: [String] = []
  var additional = SchemaNode.anything

  var items = SchemaNode.anything
  var itemCount = SchemaBounds()
  /// Of texts, in code points.
  var length = SchemaBounds()
  var number = SchemaBounds()
}

/// A range that may be open at either end.
struct SchemaBounds: Equatable, Sendable {
  var least: Double?
  var most: Double?
  /// The ends themselves are outside.
  var aboveLeast = false
  var belowMost = false

  func contains(_ value: Double) -> Bool {
    if let least, aboveLeast ? value <= least : value < least { return false }
    if let most, belowMost ? value >= most : value > most { return false }
    return true
  }
}
