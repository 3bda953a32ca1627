/// What a policy is asked, taken apart again: rows of trainers have stem and choices in one text.
struct AskedQuestion {
  var stem: String
  /// Nil where the text does not name them as our prompts do.
  var choices: [String]?
  /// What the sound is described by, where it is not heard.
  var description: String?

  private static let mark = " Please choose the answer from the following options: "
  private static let described = "A sound is described so:\n"

  init(_ text: String) {
    var text = text.replacing("<audio>", with: "")
    if text.hasPrefix(Self.described), let end = text.ranges(of: "\n\n").last {
      description = String(text[..<end.lowerBound].dropFirst(Self.described.count))
      text = String(text[end.upperBound...])
    }
    stem = trimmed(text)
    guard let mark = text.ranges(of: Self.mark).last else { return }
    var reader = PythonListReader(Array(text[mark.upperBound...].utf8))
    guard let choices = reader.texts() else { return }
    stem = String(text[..<mark.lowerBound])
    self.choices = choices
  }
}

/// Reads a list of texts as Python's `repr` writes it: `['a dog', "a dog's bark"]`.
struct PythonListReader {
  private let bytes: [UInt8]
  private var position = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// The texts; nil where something else stands there. What follows the list is left.
  mutating func texts() -> [String]? {
    guard take(UInt8(ascii: "[")) else { return nil }
    var texts: [String] = []
    if take(UInt8(ascii: "]")) { return texts }
    while let text = text() {
      texts.append(text)
      if take(UInt8(ascii: "]")) { return texts }
      guard take(UInt8(ascii: ",")) else { return nil }
    }
    return nil
  }

  private mutating func take(_ byte: UInt8) -> Bool {
    while position < bytes.count, bytes[position] == 0x20 { position += 1 }
    guard position < bytes.count, bytes[position] == byte else { return false }
    position += 1
    return true
  }

  private mutating func text() -> String? {
    guard let quote = [UInt8(ascii: "'"), UInt8(ascii: "\"")].first(where: { take($0) }) else { return nil }
    var text: [UInt8] = []
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      if byte == quote { return String(validating: text, as: UTF8.self) }
      guard byte == UInt8(ascii: "\\") else {
        text.append(byte)
        continue
      }
      guard let escaped = escape() else { return nil }
      text += escaped
    }
    return nil
  }

  /// What stands behind a backslash.
  private mutating func escape() -> [UInt8]? {
    guard position < bytes.count else { return nil }
    defer { position += 1 }
    switch bytes[position] {
    case UInt8(ascii: "n"): return [0x0A]
    case UInt8(ascii: "r"): return [0x0D]
    case UInt8(ascii: "t"): return [0x09]
    case UInt8(ascii: "x"): return scalar(digits: 2)
    case UInt8(ascii: "u"): return scalar(digits: 4)
    case UInt8(ascii: "U"): return scalar(digits: 8)
    case let byte: return [byte]
    }
  }

  private mutating func scalar(digits: Int) -> [UInt8]? {
    guard position + digits < bytes.count else { return nil }
    let text = String(decoding: bytes[(position + 1)...(position + digits)], as: UTF8.self)
    guard let value = UInt32(text, radix: 16), let scalar = Unicode.Scalar(value) else { return nil }
    position += digits
    return Array(String(Character(scalar)).utf8)
  }
}
