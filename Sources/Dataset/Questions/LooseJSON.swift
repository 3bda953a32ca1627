/// Reads one value of JSON as models write it, and keeps what was whole where the value breaks off.
///
/// Beyond JSON it takes commas before a closing bracket, raw line breaks in strings, typographic quotes around them,
/// `\'`, and the words that Python writes (`None`, `True`, `NaN`); nothing that leaves open what was meant. It steps over
/// each byte once, without recursion, and no deeper than `JSONParser.deepest`.
struct LooseJSON {
  /// A list or an object that has not ended, with its whole elements.
  struct Open {
    let isList: Bool
    /// Of the member that comes next.
    var name: String?
    var elements: [JSONValue] = []
    var members: [JSONMember] = []

    var value: JSONValue { isList ? .array(elements) : .object(members) }

    mutating func add(_ value: JSONValue) {
      if isList {
        elements.append(value)
      } else if let name {
        members.append(JSONMember(name: name, value: value))
        self.name = nil
      }
    }
  }

  let bytes: [UInt8]
  /// After a value, where it ends; after an error, where reading may go on.
  private(set) var position: Int
  /// After an error, what was open there, from the outermost in.
  private(set) var open: [Open] = []

  init(_ bytes: [UInt8], at position: Int = 0) {
    self.bytes = bytes
    self.position = position
  }

  /// The value at the position. Where it throws, `open` holds what was read of it.
  mutating func value() throws(JSONProblem) -> JSONValue {
    open = []
    do {
      while true {
        var finished = try element()
        while let value = finished {
          guard !open.isEmpty else { return value }
          open[open.count - 1].add(value)
          finished = try next()
        }
      }
    } catch {
      switch error {
      case .ended: position = bytes.count
      case .unexpected(let offset), .tooDeep(let offset), .notUTF8(let offset): position = max(position, offset)
      }
      throw error
    }
  }

  /// A scalar, or an empty list or object; nil where one opens that is not empty.
  private mutating func element() throws(JSONProblem) -> JSONValue? {
    guard let byte = peek() else { throw .ended }
    guard byte == UInt8(ascii: "[") || byte == UInt8(ascii: "{") else { return try scalar(byte) }
    guard open.count < JSONParser.deepest else { throw .tooDeep(offset: position) }
    open.append(Open(isList: byte == UInt8(ascii: "[")))
    position += 1
    if let empty = takeClosing() { return empty }
    try takeName()
    return nil
  }

  /// After an element: the list or object around it where that ends here; nil where another element follows.
  private mutating func next() throws(JSONProblem) -> JSONValue? {
    if let whole = takeClosing() { return whole }
    try expect(UInt8(ascii: ","))
    if let whole = takeClosing() { return whole }
    try takeName()
    return nil
  }

  private mutating func takeClosing() -> JSONValue? {
    guard let last = open.last, peek() == UInt8(ascii: last.isList ? "]" : "}") else { return nil }
    position += 1
    return open.removeLast().value
  }

  /// The name of an object's next member; elements of lists have none.
  private mutating func takeName() throws(JSONProblem) {
    guard let last = open.last, !last.isList else { return }
    guard let byte = peek() else { throw .ended }
    guard let name = try string(byte) else { throw .unexpected(offset: position) }
    try expect(UInt8(ascii: ":"))
    open[open.count - 1].name = name
  }

  private mutating func expect(_ byte: UInt8) throws(JSONProblem) {
    guard let found = peek() else { throw .ended }
    guard found == byte else { throw .unexpected(offset: position) }
    position += 1
  }

  /// The byte at the position, after white space.
  private mutating func peek() -> UInt8? {
    while position < bytes.count {
      switch bytes[position] {
      case 0x20, 0x09, 0x0A, 0x0D: position += 1
      default: return bytes[position]
      }
    }
    return nil
  }
}

extension LooseJSON {
  /// What Python's printer and JSON writers that are no JSON writers put in place of JSON's words.
  private static let words: [(text: String, value: JSONValue)] = [
    ("None", .null), ("NaN", .null), ("Infinity", .null), ("-Infinity", .null), ("True", .bool(true)),
    ("False", .bool(false)),
  ]

  private mutating func scalar(_ byte: UInt8) throws(JSONProblem) -> JSONValue {
    if let text = try string(byte) { return .string(text) }
    for word in Self.words where bytes[position...].starts(with: word.text.utf8) {
      position += word.text.utf8.count
      return word.value
    }
    var parser = JSONParser(bytes, at: position, lenient: true)
    let value = try parser.value()
    position = parser.position
    return value
  }

  /// The string that opens at the position, whose byte is given; nil where none does.
  private mutating func string(_ byte: UInt8) throws(JSONProblem) -> String? {
    guard byte != UInt8(ascii: "\"") else { return try plainString() }
    guard Self.isTypographicQuote(bytes, at: position) else { return nil }
    return try rewrittenString(from: position + 3) { Self.isTypographicQuote($0, at: $1) ? 3 : nil }
  }

  private mutating func plainString() throws(JSONProblem) -> String {
    var parser = JSONParser(bytes, at: position, lenient: true)
    do {
      let text = try parser.string()
      position = parser.position
      return text
    } catch {
      // `\'`, which JavaScript and Python know and JSON does not.
      guard case .unexpected(let offset) = error, bytes[offset] == UInt8(ascii: "'") else { throw error }
      return try rewrittenString(from: position + 1) { $0[$1] == UInt8(ascii: "\"") ? 1 : nil }
    }
  }

  /// The string whose text begins at `start`, up to where `closing` finds a quote of so many bytes: written anew as
  /// JSON writes it, and read as that.
  private mutating func rewrittenString(
    from start: Int, closing: ([UInt8], Int) -> Int?
  ) throws(JSONProblem) -> String {
    var literal: [UInt8] = [UInt8(ascii: "\"")]
    var place = start
    while place < bytes.count {
      if let width = closing(bytes, place) {
        var parser = JSONParser(literal + [UInt8(ascii: "\"")], lenient: true)
        guard let text = try? parser.string() else { throw .unexpected(offset: place) }
        position = place + width
        return text
      }
      switch (bytes[place], place + 1 < bytes.count ? bytes[place + 1] : nil) {
      case (UInt8(ascii: "\\"), UInt8(ascii: "'")):
        literal.append(UInt8(ascii: "'"))
        place += 2
      case (UInt8(ascii: "\\"), let next?):
        literal += [UInt8(ascii: "\\"), next]
        place += 2
      case (UInt8(ascii: "\""), _):
        literal += [UInt8(ascii: "\\"), UInt8(ascii: "\"")]
        place += 1
      case (let byte, _):
        literal.append(byte)
        place += 1
      }
    }
    throw .ended
  }

  /// “, ” or „.
  private static func isTypographicQuote(_ bytes: [UInt8], at place: Int) -> Bool {
    guard place + 2 < bytes.count, bytes[place] == 0xE2, bytes[place + 1] == 0x80 else { return false }
    return (0x9C...0x9E).contains(bytes[place + 2])
  }
}
