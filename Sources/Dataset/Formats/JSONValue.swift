/// A JSON value as read; the members of an object in their order.
enum JSONValue: Equatable, Sendable {
  case null
  case bool(Bool)
  /// As written.
  case number(String)
  case string(String)
  case array([JSONValue])
  case object([JSONMember])

  /// The value of the first member with one of `names`, tried in their order.
  func member(_ names: String...) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    for name in names {
      if let found = members.first(where: { $0.name == name }) { return found.value }
    }
    return nil
  }

  var string: String? {
    guard case .string(let text) = self else { return nil }
    return text
  }

  var elements: [JSONValue]? {
    guard case .array(let elements) = self else { return nil }
    return elements
  }

  /// What the value is, for a message.
  var kind: String {
    switch self {
    case .null: "null"
    case .bool: "true or false"
    case .number: "a number"
    case .string: "text"
    case .array: "a list"
    case .object: "an object"
    }
  }
}

struct JSONMember: Equatable, Sendable {
  var name: String
  var value: JSONValue
}
