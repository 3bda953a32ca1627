/// Why bytes are not JSON.
enum JSONProblem: Error, Equatable {
  /// The text ends inside a value.
  case ended
  case unexpected(offset: Int)
  case tooDeep(offset: Int)
  case notUTF8(offset: Int)
}

/// Reads JSON (RFC 8259) from untrusted bytes: one value at a time, no deeper than 64 levels.
///
/// By hand, as Foundation's decoder can neither say where a value ends in a longer text nor tell a text that was cut
/// off from a wrong one, and as manifests have a million rows.
struct JSONParser {
  static let deepest = 64

  let bytes: [UInt8]
  private(set) var position: Int
  /// Also takes commas before a closing bracket and raw control characters in strings.
  let lenient: Bool

  init(_ bytes: [UInt8], at position: Int = 0, lenient: Bool = false) {
    self.bytes = bytes
    self.position = position
    self.lenient = lenient
  }

  /// The value of a text that holds nothing else.
  static func parse(_ bytes: [UInt8], lenient: Bool = false) throws(JSONProblem) -> JSONValue {
    var parser = JSONParser(bytes, lenient: lenient)
    let value = try parser.value()
    parser.skipSpace()
    guard parser.position == bytes.count else { throw .unexpected(offset: parser.position) }
    return value
  }

  var byteAtPosition: UInt8? { position < bytes.count ? bytes[position] : nil }

  mutating func step() { position += 1 }

  /// The byte at the position, after white space.
  mutating func peek() -> UInt8? {
    skipSpace()
    return byteAtPosition
  }

  /// Steps over `byte` if it comes next, after white space.
  mutating func take(_ byte: UInt8) -> Bool {
    guard peek() == byte else { return false }
    position += 1
    return true
  }

  mutating func value(depth: Int = 0) throws(JSONProblem) -> JSONValue {
    guard let byte = peek() else { throw .ended }
    switch byte {
    case UInt8(ascii: "{"): return try object(depth: depth + 1)
    case UInt8(ascii: "["): return try array(depth: depth + 1)
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "-"), 0x30...0x39: return .number(try number())
    default: return try literal()
    }
  }

  private mutating func object(depth: Int) throws(JSONProblem) -> JSONValue {
    guard depth <= Self.deepest else { throw .tooDeep(offset: position) }
    position += 1
    var members: [JSONMember] = []
    if take(UInt8(ascii: "}")) { return .object(members) }
    while true {
      guard let byte = peek() else { throw .ended }
      guard byte == UInt8(ascii: "\"") else { throw .unexpected(offset: position) }
      let name = try string()
      try expect(UInt8(ascii: ":"))
      members.append(JSONMember(name: name, value: try value(depth: depth)))
      if try closes(with: UInt8(ascii: "}")) { return .object(members) }
    }
  }

  private mutating func array(depth: Int) throws(JSONProblem) -> JSONValue {
    guard depth <= Self.deepest else { throw .tooDeep(offset: position) }
    position += 1
    var elements: [JSONValue] = []
    if take(UInt8(ascii: "]")) { return .array(elements) }
    while true {
      elements.append(try value(depth: depth))
      if try closes(with: UInt8(ascii: "]")) { return .array(elements) }
    }
  }

  /// After an element: whether the list ends here. Steps over the comma or the bracket.
  mutating func closes(with bracket: UInt8) throws(JSONProblem) -> Bool {
    if take(bracket) { return true }
    try expect(UInt8(ascii: ","))
    return lenient && take(bracket)
  }

  private mutating func expect(_ byte: UInt8) throws(JSONProblem) {
    if take(byte) { return }
    if position >= bytes.count { throw .ended }
    throw .unexpected(offset: position)
  }

  private mutating func skipSpace() {
    while position < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[position]) { position += 1 }
  }

  private mutating func literal() throws(JSONProblem) -> JSONValue {
    for (word, value) in [("true", JSONValue.bool(true)), ("false", .bool(false)), ("null", .null)] {
      let rest = bytes[position...].prefix(word.utf8.count)
      if rest.elementsEqual(word.utf8) {
        position += rest.count
        return value
      }
      if rest.count < word.utf8.count, word.utf8.starts(with: rest) { throw .ended }
    }
    throw .unexpected(offset: position)
  }

  private mutating func number() throws(JSONProblem) -> String {
    let start = position
    if bytes[position] == UInt8(ascii: "-") { position += 1 }
    let leadingZero = position < bytes.count && bytes[position] == UInt8(ascii: "0")
    let whole = try digits()
    if leadingZero, whole > 1 { throw .unexpected(offset: start) }
    if position < bytes.count, bytes[position] == UInt8(ascii: ".") {
      position += 1
      _ = try digits()
    }
    if position < bytes.count, bytes[position] | 0x20 == UInt8(ascii: "e") {
      position += 1
      if position < bytes.count, [UInt8(ascii: "+"), UInt8(ascii: "-")].contains(bytes[position]) { position += 1 }
      _ = try digits()
    }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  /// Steps over the digits, of which there is at least one, and returns how many.
  private mutating func digits() throws(JSONProblem) -> Int {
    let start = position
    while position < bytes.count, (0x30...0x39).contains(bytes[position]) { position += 1 }
    if position == start {
      if position == bytes.count { throw .ended }
      throw .unexpected(offset: position)
    }
    return position - start
  }

  mutating func string() throws(JSONProblem) -> String {
    position += 1
    let start = position
    while position < bytes.count {
      switch bytes[position] {
      case UInt8(ascii: "\""):
        guard let text = String(validating: bytes[start..<position], as: UTF8.self) else {
          throw .notUTF8(offset: start)
        }
        position += 1
        return text
      case UInt8(ascii: "\\"): return try escapedString(from: start)
      case 0..<0x20 where !lenient: throw .unexpected(offset: position)
      default: position += 1
      }
    }
    throw .ended
  }
}
