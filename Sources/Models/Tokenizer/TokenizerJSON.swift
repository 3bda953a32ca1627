/// A JSON value in a tokenizer's files; numbers keep their spelling.
enum TokenizerJSON: Equatable, Sendable {
  case null
  case bool(Bool)
  case number(String)
  case string(String)
  case array([TokenizerJSON])
  case object([Member])

  /// One name and value of an object, in the order of the file.
  struct Member: Equatable, Sendable {
    var name: String
    var value: TokenizerJSON
  }

  /// The member `name` of an object; nil where there is none.
  subscript(name: String) -> TokenizerJSON? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.name.utf8.elementsEqual(name.utf8) }?.value
  }

  /// The string that this is; nil for anything else.
  var text: String? {
    if case .string(let text) = self { text } else { nil }
  }
}

extension TokenizerScanner {
  /// The next value with all that is in it; no object in it has two members of one name.
  mutating func value() throws(TokenizerError) -> TokenizerJSON {
    switch try peek() {
    case UInt8(ascii: "{"): return .object(try members())
    case UInt8(ascii: "["):
      try open("[")
      var elements: [TokenizerJSON] = []
      while try nextElement() { elements.append(try value()) }
      return .array(elements)
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "-"), 0x30...0x39: return .number(try number())
    default: return try word().map { .bool($0) } ?? .null
    }
  }

  private mutating func members() throws(TokenizerError) -> [TokenizerJSON.Member] {
    try open("{")
    // Bytes, as Swift's strings are equal if they only look the same.
    var names: Set<[UInt8]> = []
    var members: [TokenizerJSON.Member] = []
    while let name = try nextMember() {
      guard names.insert(Array(name.utf8)).inserted else { throw .repeatedKey(path: path, key: name) }
      members.append(TokenizerJSON.Member(name: name, value: try value()))
    }
    return members
  }
}
