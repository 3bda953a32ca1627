extension ReplyReader {
  struct Salvage {
    var items: [JSONValue] = []
    var isCut = false
  }

  /// How many places in a text are tried for the start of a value: hostile text has a bracket at every place.
  private static let mostStarts = 256

  /// The items of the first JSON value in `bytes` that holds any, however deep in it; single items after each other are
  /// taken together. Of a list that never ends, the items that do.
  static func salvaged(from bytes: [UInt8]) -> Salvage {
    var found = Salvage()
    var position = 0
    for _ in 0..<mostStarts {
      guard let start = bytes[position...].firstIndex(where: opensValue) else { break }
      position = start + 1
      var parser = JSONParser(bytes, at: start, lenient: true)
      do {
        let value = try parser.value()
        guard let items = items(of: value), !items.isEmpty else { continue }
        found.items += items
        guard items == [value], found.items.count <= mostItems else { break }
        position = parser.position
      } catch {
        guard error == .ended else { continue }
        found.isCut = true
        guard found.items.isEmpty, bytes[start] == UInt8(ascii: "[") else { continue }
        let whole = wholeElements(ofListAt: start, in: bytes)
        if let items = items(of: .array(whole)) { return Salvage(items: items, isCut: true) }
      }
    }
    return found
  }

  /// The elements of a list up to the first that does not end.
  private static func wholeElements(ofListAt start: Int, in bytes: [UInt8]) -> [JSONValue] {
    var parser = JSONParser(bytes, at: start + 1, lenient: true)
    var elements: [JSONValue] = []
    while elements.count <= mostItems, let element = try? parser.value() {
      elements.append(element)
      guard let isLast = try? parser.closes(with: UInt8(ascii: "]")), !isLast else { break }
    }
    return elements
  }

  /// The text after a reasoning model's thoughts, which may hold drafts.
  static func withoutThinking(_ bytes: [UInt8]) -> [UInt8] {
    let mark = Array("</think>".utf8)
    guard bytes.count >= mark.count else { return bytes }
    for start in stride(from: bytes.count - mark.count, through: 0, by: -1)
    where bytes[start] == mark[0] && bytes[start..<(start + mark.count)].elementsEqual(mark) {
      return Array(bytes[(start + mark.count)...])
    }
    return bytes
  }

  private static func opensValue(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[") }
}
