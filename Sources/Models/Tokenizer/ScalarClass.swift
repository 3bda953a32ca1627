/// What Qwen's splitting rule asks about a character.
enum ScalarClass: UInt8, Sendable {
  /// None of the others: marks, punctuation, symbols, controls, unassigned.
  case other
  /// `\p{L}`
  case letter
  /// `\p{N}`
  case number
  /// `\s` without the next
  case space
  /// `\r` or `\n`
  case newline

  /// The classes of ASCII.
  static let ascii: [ScalarClass] = (UInt8(0)..<128).map { byte in
    switch byte {
    case 0x0A, 0x0D: .newline
    case 0x09, 0x0B, 0x0C, 0x20: .space
    case 0x30...0x39: .number
    case 0x41...0x5A, 0x61...0x7A: .letter
    default: .other
    }
  }

  /// The class in Unicode 16.0, that of the regular expressions of `tokenizers` 0.23 (Oniguruma 6.9.10); what later
  /// versions of Unicode added is unassigned to them.
  init(_ scalar: Unicode.Scalar) {
    if scalar.value < 128 {
      self = Self.ascii[Int(scalar.value)]
      return
    }
    let properties = scalar.properties
    switch properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter:
      self = scalar.isAssigned(inUnicode: 16) ? .letter : .other
    case .decimalNumber, .letterNumber, .otherNumber:
      self = scalar.isAssigned(inUnicode: 16) ? .number : .other
    default: self = properties.isWhitespace ? .space : .other
    }
  }
}

extension Unicode.Scalar {
  /// Whether version `major`.0 of Unicode knew the character.
  func isAssigned(inUnicode major: Int) -> Bool {
    guard let age = properties.age else { return false }
    return (age.major, age.minor) <= (major, 0)
  }
}
