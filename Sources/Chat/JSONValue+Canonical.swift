extension JSONValue {
  /// The one way this value is written: members sorted by the bytes of their names, no spaces, '/' not escaped, UTF-8
  /// as it is, whole numbers below 2^53 without a point, other numbers in their shortest form. A number that JSON
  /// cannot hold (infinity, not-a-number) is null.
  public var canonicalBytes: [UInt8] {
    var bytes: [UInt8] = []
    write(to: &bytes)
    return bytes
  }

  /// `canonicalBytes` as text.
  public var canonicalText: String { String(decoding: canonicalBytes, as: UTF8.self) }

  private func write(to bytes: inout [UInt8]) {
    switch self {
    case .null: bytes += "null".utf8
    case .bool(let flag): bytes += (flag ? "true" : "false").utf8
    case .int(let number): bytes += "\(number)".utf8
    case .double(let number): bytes += Self.shortest(number).utf8
    case .string(let text): Self.write(text, to: &bytes)
    case .array(let items): Self.write(items, between: "[]", to: &bytes) { $0.write(to: &$1) }
    case .object(let members):
      let sorted = members.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
      Self.write(sorted, between: "{}", to: &bytes) { member, bytes in
        Self.write(member.key, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        member.value.write(to: &bytes)
      }
    }
  }

  private static func write<Item>(
    _ items: [Item], between brackets: String, to bytes: inout [UInt8], item: (Item, inout [UInt8]) -> Void
  ) {
    bytes += brackets.utf8.prefix(1)
    for (index, value) in items.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      item(value, &bytes)
    }
    bytes += brackets.utf8.suffix(1)
  }

  private static func shortest(_ number: Double) -> String {
    guard number.isFinite else { return "null" }
    if abs(number) < 0x1p53, let whole = Int(exactly: number) { return "\(whole)" }
    return "\(number)"
  }

  private static func write(_ text: String, to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "\""))
    var text = text
    text.withUTF8 { text in
      // What needs no escape goes in whole runs: a sound in base64 is one run of a megabyte.
      var start = 0
      for place in text.indices where needsEscape(text[place]) {
        bytes.append(contentsOf: text[start..<place])
        bytes += escape(for: text[place]).utf8
        start = place + 1
      }
      bytes.append(contentsOf: text[start...])
    }
    bytes.append(UInt8(ascii: "\""))
  }

  private static func needsEscape(_ byte: UInt8) -> Bool {
    byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
  }

  private static func escape(for byte: UInt8) -> String {
    switch byte {
    case UInt8(ascii: "\""): #"\""#
    case UInt8(ascii: "\\"): #"\\"#
    case 0x08: #"\b"#
    case 0x09: #"\t"#
    case 0x0a: #"\n"#
    case 0x0c: #"\f"#
    case 0x0d: #"\r"#
    default: "\\u00\(hexadecimal([byte]))"
    }
  }
}
