import Foundation

/// Where the members of a JSON object stand in its text, for those who need their bytes and not their values.
enum JSONMembers {
  /// The range of each member's value, by name. `text` must be valid JSON, an object; the last of equal names counts.
  static func ranges(in text: Data) -> [String: Range<Int>] {
    var ranges: [String: Range<Int>] = [:]
    var place = text.startIndex
    while let quote = text[place...].firstIndex(of: UInt8(ascii: "\"")) {
      let end = endOfString(text, from: quote)
      guard let colon = text[end...].firstIndex(of: UInt8(ascii: ":")) else { break }
      let name = (try? JSONDecoder().decode(String.self, from: Data(text[quote..<end]))) ?? ""
      let start = text[(colon + 1)...].firstIndex { !isSpace($0) } ?? text.endIndex
      place = endOfValue(text, from: start)
      ranges[name] = start..<place
    }
    return ranges
  }

  private static func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D
  }

  /// Behind the closing quote of the string that begins at `start`.
  private static func endOfString(_ text: Data, from start: Int) -> Int {
    var place = start + 1
    while place < text.endIndex, text[place] != UInt8(ascii: "\"") {
      place += text[place] == UInt8(ascii: "\\") ? 2 : 1
    }
    return min(place + 1, text.endIndex)
  }

  /// Behind the value that begins at `start`, without the space after it.
  private static func endOfValue(_ text: Data, from start: Int) -> Int {
    var (place, depth) = (start, 0)
    var end = start
    while place < text.endIndex {
      let byte = text[place]
      switch byte {
      case UInt8(ascii: "\""): place = endOfString(text, from: place) - 1
      case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        if depth == 0 { return end }
        depth -= 1
      case UInt8(ascii: ","): if depth == 0 { return end }
      default: break
      }
      place += 1
      if !isSpace(byte) { end = place }
    }
    return end
  }
}
