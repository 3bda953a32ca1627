/// UTF-8 by hand, where `String` would copy or would not tell what is missing at the end.
enum UTF8Text {
  /// The character at `start` of valid UTF-8, and how many bytes it takes.
  @inline(__always)
  static func scalar(in bytes: UnsafeBufferPointer<UInt8>, at start: Int) -> (Unicode.Scalar, length: Int) {
    let lead = UInt32(bytes[start])
    if lead < 0x80 { return (Unicode.Scalar(UInt8(lead)), 1) }
    let length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
    guard start + length <= bytes.count else { return ("\u{FFFD}", bytes.count - start) }
    var value = lead & (0x7F >> UInt32(length))
    for index in 1..<length { value = value << 6 | UInt32(bytes[start + index] & 0x3F) }
    return (Unicode.Scalar(value) ?? "\u{FFFD}", length)
  }

  /// How many bytes at the end of `bytes` are the beginning of a character whose rest is missing; 0 to 3.
  static func incompleteSuffix(of bytes: [UInt8]) -> Int {
    for length in 1...3 where length <= bytes.count {
      let lead = bytes[bytes.count - length]
      if lead & 0xC0 == 0x80 { continue }
      let due = lead >= 0xF0 && lead <= 0xF4 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC2 ? 2 : 1
      guard due > length, lead <= 0xF4 else { return 0 }
      return length == 1 || accepts(bytes[bytes.count - length + 1], after: lead) ? length : 0
    }
    return 0
  }

  /// Whether `second` can follow `lead`: neither overlong, nor a surrogate, nor beyond U+10FFFF.
  private static func accepts(_ second: UInt8, after lead: UInt8) -> Bool {
    switch lead {
    case 0xE0: second >= 0xA0
    case 0xED: second < 0xA0
    case 0xF0: second >= 0x90
    case 0xF4: second < 0x90
    default: true
    }
  }
}
