/// A JSON value as it stands in a configuration; numbers keep their spelling.
package indirect enum CheckpointJSON: Equatable, Sendable {
  case null
  case bool(Bool)
  case number(String)
  case string(String)
  case array([CheckpointJSON])
  case object([Member])

  /// One name and value of an object, in the order of the file.
  package struct Member: Equatable, Sendable {
    package var name: String
    package var value: CheckpointJSON

    package init(name: String, value: CheckpointJSON) {
      self.name = name
      self.value = value
    }
  }

  /// The value of a text that holds nothing else; no object in it has two members of one name.
  package init(parsing bytes: [UInt8]) throws(CheckpointError.JSONProblem) {
    var scanner = CheckpointScanner(bytes)
    self = try scanner.value()
    try scanner.end()
  }

  /// The member `name` of an object; nil where there is none.
  package subscript(name: String) -> CheckpointJSON? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.name == name }?.value
  }

  /// The text of the value, indented by two spaces a level as the hub's files are.
  package func text(indent: String = "") -> String {
    let inner = indent + "  "
    switch self {
    case .null: return "null"
    case .bool(let value): return value ? "true" : "false"
    case .number(let spelling): return spelling
    case .string(let text): return Self.quoted(text)
    case .array(let elements):
      if elements.isEmpty { return "[]" }
      return "[\n" + elements.map { inner + $0.text(indent: inner) }.joined(separator: ",\n") + "\n\(indent)]"
    case .object(let members):
      if members.isEmpty { return "{}" }
      let lines = members.map { "\(inner)\(Self.quoted($0.name)): \($0.value.text(indent: inner))" }
      return "{\n" + lines.joined(separator: ",\n") + "\n\(indent)}"
    }
  }

  /// `text` between quotation marks, with what JSON wants escaped.
  static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": quoted += "\\\(scalar)"
      case "\u{0}"..<" ":
        let digits = String(scalar.value, radix: 16)
        quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}

extension CheckpointScanner {
  /// The next value with all that is in it.
  mutating func value() throws(CheckpointError.JSONProblem) -> CheckpointJSON {
    switch try peek() {
    case UInt8(ascii: "{"): return .object(try members())
    case UInt8(ascii: "["):
      try open("[")
      var elements: [CheckpointJSON] = []
      while try nextElement() { elements.append(try value()) }
      return .array(elements)
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "-"), 0x30...0x39: return .number(try number())
    default: return try word().map { .bool($0) } ?? .null
    }
  }

  private mutating func members() throws(CheckpointError.JSONProblem) -> [CheckpointJSON.Member] {
    try open("{")
    var names: Set<String> = []
    var members: [CheckpointJSON.Member] = []
    while let name = try nextMember() {
      guard names.insert(name).inserted else { throw .duplicateKey(name) }
      members.append(CheckpointJSON.Member(name: name, value: try value()))
    }
    return members
  }
}
