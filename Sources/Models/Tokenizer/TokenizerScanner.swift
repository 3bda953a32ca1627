/// Reads a tokenizer's JSON (RFC 8259) from untrusted bytes, one token after the other.
///
/// By hand: Foundation's decoder takes a second for the 300,000 strings of a `tokenizer.json`, and keeps one of two
/// equal keys where a file with two ids for one token has to be refused.
struct TokenizerScanner {
  private static let deepest = 64

  let path: String
  private let bytes: [UInt8]
  private var position = 0
  private var depth = 0
  /// Whether the last token was an opening bracket, so that no comma is due.
  private var justOpened = false

  init(_ bytes: [UInt8], path: String) {
    self.bytes = bytes
    self.path = path
  }

  /// The next byte after white space, which stays where it is.
  mutating func peek() throws(TokenizerError) -> UInt8 {
    while position < bytes.count, Self.isSpace(bytes[position]) { position += 1 }
    guard position < bytes.count else { throw ended }
    return bytes[position]
  }

  /// Steps over the opening bracket `bracket`.
  mutating func open(_ bracket: Unicode.Scalar) throws(TokenizerError) {
    try expect(UInt8(ascii: bracket))
    depth += 1
    guard depth <= Self.deepest else {
      throw .notJSON(path: path, offset: position - 1, reason: "nested more than \(Self.deepest) deep")
    }
    justOpened = true
  }

  /// The name of the object's next member, whose value comes next; nil after the last.
  mutating func nextMember() throws(TokenizerError) -> String? {
    guard try stepsToNext(closing: UInt8(ascii: "}")) else { return nil }
    let name = try string()
    try expect(UInt8(ascii: ":"))
    return name
  }

  /// Whether the array goes on; its next element then comes next.
  mutating func nextElement() throws(TokenizerError) -> Bool {
    try stepsToNext(closing: UInt8(ascii: "]"))
  }

  /// Checks that nothing but white space is left.
  mutating func end() throws(TokenizerError) {
    while position < bytes.count, Self.isSpace(bytes[position]) { position += 1 }
    guard position == bytes.count else { throw unexpected() }
  }

  /// A number as it is written.
  mutating func number() throws(TokenizerError) -> String {
    _ = try peek()
    justOpened = false
    let start = position
    if bytes[position] == UInt8(ascii: "-") { position += 1 }
    let startsWithZero = byteAtPosition == UInt8(ascii: "0")
    if try digits() > 1, startsWithZero { throw unexpected(at: start) }
    if byteAtPosition == UInt8(ascii: ".") {
      position += 1
      _ = try digits()
    }
    if byteAtPosition.map({ $0 | 0x20 }) == UInt8(ascii: "e") {
      position += 1
      if byteAtPosition == UInt8(ascii: "+") || byteAtPosition == UInt8(ascii: "-") { position += 1 }
      _ = try digits()
    }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  /// One of the words `true`, `false` and `null`, the last as nil.
  mutating func word() throws(TokenizerError) -> Bool? {
    _ = try peek()
    justOpened = false
    for (word, value) in [("true", true), ("false", false), ("null", nil)] as [(String, Bool?)] {
      let rest = bytes[position...].prefix(word.utf8.count)
      if rest.elementsEqual(word.utf8) {
        position += rest.count
        return value
      }
      if rest.count < word.utf8.count, word.utf8.starts(with: rest) { throw ended }
    }
    throw unexpected()
  }

  mutating func string() throws(TokenizerError) -> String {
    try expect(UInt8(ascii: "\""))
    let start = position
    while position < bytes.count {
      switch bytes[position] {
      case UInt8(ascii: "\""):
        defer { position += 1 }
        return try text(bytes[start..<position])
      case UInt8(ascii: "\\"): return try escapedString(from: start)
      case 0..<0x20: throw unexpected()
      default: position += 1
      }
    }
    throw ended
  }

  /// Steps over one value of any kind.
  mutating func skip() throws(TokenizerError) {
    switch try peek() {
    case UInt8(ascii: "{"):
      try open("{")
      while try nextMember() != nil { try skip() }
    case UInt8(ascii: "["):
      try open("[")
      while try nextElement() { try skip() }
    case UInt8(ascii: "\""): _ = try string()
    case UInt8(ascii: "-"), 0x30...0x39: _ = try number()
    default: _ = try word()
    }
  }
}

// MARK: Bytes

extension TokenizerScanner {
  private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 }

  private var byteAtPosition: UInt8? { position < bytes.count ? bytes[position] : nil }

  private var ended: TokenizerError {
    .notJSON(path: path, offset: nil, reason: "the file ends inside a value")
  }

  private func unexpected(at offset: Int? = nil) -> TokenizerError {
    .notJSON(path: path, offset: offset ?? position, reason: "not JSON")
  }

  private mutating func expect(_ byte: UInt8) throws(TokenizerError) {
    guard try peek() == byte else { throw unexpected() }
    position += 1
    justOpened = false
  }

  private mutating func stepsToNext(closing bracket: UInt8) throws(TokenizerError) -> Bool {
    if try peek() == bracket {
      position += 1
      depth -= 1
      justOpened = false
      return false
    }
    if !justOpened { try expect(UInt8(ascii: ",")) }
    justOpened = false
    return true
  }

  /// Steps over the digits, of which there is at least one, and returns how many.
  private mutating func digits() throws(TokenizerError) -> Int {
    let start = position
    while let byte = byteAtPosition, (0x30...0x39).contains(byte) { position += 1 }
    guard position > start else { throw position == bytes.count ? ended : unexpected() }
    return position - start
  }

  private func text(_ part: ArraySlice<UInt8>) throws(TokenizerError) -> String {
    guard let text = String(validating: part, as: UTF8.self) else { throw .notUTF8(path: path) }
    return text
  }

  /// The rest of a string that has escapes; the position is at the first.
  private mutating func escapedString(from start: Int) throws(TokenizerError) -> String {
    var unescaped = Array(bytes[start..<position])
    while let byte = byteAtPosition {
      position += 1
      switch byte {
      case UInt8(ascii: "\""): return try text(unescaped[...])
      case UInt8(ascii: "\\"): unescaped.append(contentsOf: try escape())
      case 0..<0x20: throw unexpected(at: position - 1)
      default: unescaped.append(byte)
      }
    }
    throw ended
  }

  /// What the escape means whose backslash was before the position.
  private mutating func escape() throws(TokenizerError) -> [UInt8] {
    guard let byte = byteAtPosition else { throw ended }
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
    case UInt8(ascii: "b"): return [0x08]
    case UInt8(ascii: "f"): return [0x0C]
    case UInt8(ascii: "n"): return [0x0A]
    case UInt8(ascii: "r"): return [0x0D]
    case UInt8(ascii: "t"): return [0x09]
    case UInt8(ascii: "u"): return Array(String(Character(try escapedScalar())).utf8)
    default: throw unexpected(at: position - 1)
    }
  }

  private mutating func escapedScalar() throws(TokenizerError) -> Unicode.Scalar {
    let start = position
    var code = try fourHexDigits()
    if (0xD800..<0xDC00).contains(code) {
      for byte in [UInt8(ascii: "\\"), UInt8(ascii: "u")] {
        guard let found = byteAtPosition else { throw ended }
        guard found == byte else { throw unexpected(at: start) }
        position += 1
      }
      let low = try fourHexDigits()
      guard (0xDC00..<0xE000).contains(low) else { throw unexpected(at: start) }
      code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
    }
    guard let scalar = Unicode.Scalar(code) else { throw unexpected(at: start) }
    return scalar
  }

  private mutating func fourHexDigits() throws(TokenizerError) -> UInt32 {
    var code: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = byteAtPosition else { throw ended }
      guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { throw unexpected() }
      code = code << 4 | UInt32(digit)
      position += 1
    }
    return code
  }
}
