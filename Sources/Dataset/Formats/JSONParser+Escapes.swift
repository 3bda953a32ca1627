extension JSONParser {
  /// The string that starts at `start`, up to its closing quote; the position is at its first backslash.
  mutating func escapedString(from start: Int) throws(JSONProblem) -> String {
    var plain = Array(bytes[start..<position])
    while let byte = byteAtPosition {
      switch byte {
      case UInt8(ascii: "\""):
        guard let text = String(validating: plain, as: UTF8.self) else { throw .notUTF8(offset: start) }
        step()
        return text
      case UInt8(ascii: "\\"):
        step()
        try escape(into: &plain)
      case 0..<0x20 where !lenient: throw .unexpected(offset: position)
      default:
        plain.append(byte)
        step()
      }
    }
    throw .ended
  }

  private mutating func escape(into plain: inout [UInt8]) throws(JSONProblem) {
    guard let byte = byteAtPosition else { throw .ended }
    step()
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): plain.append(byte)
    case UInt8(ascii: "b"): plain.append(0x08)
    case UInt8(ascii: "f"): plain.append(0x0C)
    case UInt8(ascii: "n"): plain.append(0x0A)
    case UInt8(ascii: "r"): plain.append(0x0D)
    case UInt8(ascii: "t"): plain.append(0x09)
    case UInt8(ascii: "u"):
      let scalar = Unicode.Scalar(try codePoint()) ?? "\u{FFFD}"
      plain.append(contentsOf: String(Character(scalar)).utf8)
    default: throw .unexpected(offset: position - 1)
    }
  }

  /// The code point of a `\u` escape, or of two that make a surrogate pair. Half a pair alone has no scalar.
  private mutating func codePoint() throws(JSONProblem) -> UInt32 {
    let first = try fourDigits()
    guard (0xD800..<0xDC00).contains(first), bytes[position...].starts(with: "\\u".utf8) else { return first }
    var ahead = self
    ahead.step()
    ahead.step()
    let second = try ahead.fourDigits()
    guard (0xDC00..<0xE000).contains(second) else { return first }
    self = ahead
    return 0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)
  }

  private mutating func fourDigits() throws(JSONProblem) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = byteAtPosition else { throw .ended }
      guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { throw .unexpected(offset: position) }
      value = value << 4 | UInt32(digit)
      step()
    }
    return value
  }
}
