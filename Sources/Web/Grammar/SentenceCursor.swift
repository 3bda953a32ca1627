/// Reads fixed sentence patterns from UTF-8 text, left to right. Every method takes what it can read and returns it, or
/// leaves the position alone and returns `nil` or `false`.
struct SentenceCursor {
  let bytes: [UInt8]
  private(set) var position: Int

  /// Longer numbers are no measurements, and might overflow.
  private static let mostDigits = 7

  init(_ bytes: [UInt8], at position: Int = 0) {
    self.bytes = bytes
    self.position = position
  }

  var next: UInt8? {
    position < bytes.count ? bytes[position] : nil
  }

  mutating func take(_ literal: StaticString) -> Bool {
    guard position + literal.utf8CodeUnitCount <= bytes.count else { return false }
    let isThere = literal.withUTF8Buffer { buffer in
      bytes[position..<position + buffer.count].elementsEqual(buffer)
    }
    if isThere { position += literal.utf8CodeUnitCount }
    return isThere
  }

  mutating func takeWhole() -> Int? {
    var value = 0
    var end = position
    while end < bytes.count, end - position <= Self.mostDigits, let digit = digit(at: end) {
      value = value * 10 + digit
      end += 1
    }
    guard end > position, end - position <= Self.mostDigits else { return nil }
    position = end
    return value
  }

  /// A number with up to `decimals` decimals and perhaps a minus, in units of its last possible decimal: with two
  /// decimals "2.4" is 240.
  mutating func takeDecimal(decimals: Int) -> Int? {
    let start = position
    let isNegative = take("-")
    guard var value = takeWhole() else {
      position = start
      return nil
    }
    var room = decimals
    if next == UInt8(ascii: "."), digit(at: position + 1) != nil {
      position += 1
      while room > 0, let digit = digit(at: position) {
        value = value * 10 + digit
        room -= 1
        position += 1
      }
    }
    for _ in 0..<room { value *= 10 }
    return isNegative ? -value : value
  }

  /// The text up to `end`, which is taken but not returned; not over a line's end.
  mutating func takeText(until end: UInt8) -> String? {
    guard let stop = bytes[position...].firstIndex(where: { $0 == end || $0 == UInt8(ascii: "\n") }),
      bytes[stop] == end
    else { return nil }
    defer { position = stop + 1 }
    return String(decoding: bytes[position..<stop], as: UTF8.self)
  }

  /// "a", "a and b", "a, b and c", each item read by `item`.
  mutating func takeList<Item>(_ item: (inout SentenceCursor) -> Item?) -> [Item]? {
    let start = position
    var items: [Item] = []
    repeat {
      guard let item = item(&self) else {
        position = start
        return nil
      }
      items.append(item)
    } while take(", ") || take(" and ")
    return items
  }

  private func digit(at index: Int) -> Int? {
    guard index < bytes.count, bytes[index] >= UInt8(ascii: "0"), bytes[index] <= UInt8(ascii: "9") else { return nil }
    return Int(bytes[index] - UInt8(ascii: "0"))
  }
}
