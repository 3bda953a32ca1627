/// Where the members of a JSON object stand in its bytes, for those who need a member's bytes as they came.
///
/// Brackets and strings are followed, and nothing else is checked; the time grows with the length alone, whatever is in
/// the bytes.
struct JSONMembers {
  private var ranges: [String: Range<Int>] = [:]

  /// Nil where `bytes`, or those in `range`, are no object that is closed. The last of equal names counts.
  init?(_ bytes: [UInt8], in range: Range<Int>? = nil) {
    let found = bytes.withUnsafeBufferPointer { bytes in
      Self.read(bytes, in: range ?? 0..<bytes.count)
    }
    guard let found else { return nil }
    for (name, value) in found {
      // The name as JSON has it, escapes and all, is what is read as a string.
      guard let name = JSONValue(parsing: Array(bytes[name]))?.stringValue else { return nil }
      ranges[name] = value
    }
  }

  /// The bytes of a member's value.
  subscript(name: String) -> Range<Int>? { ranges[name] }

  /// A member's value; nil where there is none, or it is no JSON.
  func value(_ name: String, in bytes: [UInt8]) -> JSONValue? {
    ranges[name].flatMap {
      JSONValue(parsing: [UInt8(ascii: "[")] + bytes[$0] + [UInt8(ascii: "]")])?.arrayValue?.first
    }
  }

  private typealias Bytes = UnsafeBufferPointer<UInt8>

  private static func read(_ bytes: Bytes, in range: Range<Int>) -> [(name: Range<Int>, value: Range<Int>)]? {
    var place = skipSpace(bytes, range.lowerBound, range.upperBound)
    guard place < range.upperBound, bytes[place] == UInt8(ascii: "{") else { return nil }
    var members: [(Range<Int>, Range<Int>)] = []
    place = skipSpace(bytes, place + 1, range.upperBound)
    while place < range.upperBound, bytes[place] == UInt8(ascii: "\"") {
      guard let nameEnd = endOfString(bytes, place, range.upperBound) else { return nil }
      let colon = skipSpace(bytes, nameEnd, range.upperBound)
      guard colon < range.upperBound, bytes[colon] == UInt8(ascii: ":") else { return nil }
      let start = skipSpace(bytes, colon + 1, range.upperBound)
      guard let end = endOfValue(bytes, start, range.upperBound), end > start else { return nil }
      members.append((place..<nameEnd, start..<end))
      place = skipSpace(bytes, end, range.upperBound)
      guard place < range.upperBound else { return nil }
      if bytes[place] == UInt8(ascii: "}") { return members }
      guard bytes[place] == UInt8(ascii: ",") else { return nil }
      place = skipSpace(bytes, place + 1, range.upperBound)
    }
    return place < range.upperBound && bytes[place] == UInt8(ascii: "}") && members.isEmpty ? members : nil
  }

  private static func skipSpace(_ bytes: Bytes, _ start: Int, _ limit: Int) -> Int {
    var place = start
    while place < limit, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[place]) { place += 1 }
    return place
  }

  /// Behind the closing quote of the string that begins at `start`.
  private static func endOfString(_ bytes: Bytes, _ start: Int, _ limit: Int) -> Int? {
    var place = start + 1
    while place < limit {
      switch bytes[place] {
      case UInt8(ascii: "\\"): place += 2
      case UInt8(ascii: "\""): return place + 1
      default: place += 1
      }
    }
    return nil
  }

  /// Behind the value that begins at `start`, without the space after it.
  private static func endOfValue(_ bytes: Bytes, _ start: Int, _ limit: Int) -> Int? {
    var (place, depth) = (start, 0)
    while place < limit {
      switch bytes[place] {
      case UInt8(ascii: "\""):
        guard let end = endOfString(bytes, place, limit) else { return nil }
        place = end
        if depth == 0 { return place }
        continue
      case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        if depth == 0 { return place }
        depth -= 1
        if depth == 0 { return place + 1 }
      case UInt8(ascii: ","), 0x20, 0x09, 0x0A, 0x0D: if depth == 0 { return place }
      default: break
      }
      place += 1
    }
    return nil
  }
}
