extension ReplyReader {
  /// What was found in a text that is not the JSON asked for.
  struct Salvage: Equatable {
    /// At most `mostItems`.
    var items: [ReadItem] = []
    /// How many there were.
    var count = 0
    /// The text ends inside a list of items or inside an item.
    var isCut = false
    /// The text ends inside something that opens as JSON does.
    var endsEarly = false
  }

  /// The items of every JSON value in `bytes`, each value searched for the first list of items however deep in it. A
  /// value that breaks off gives its whole items, and the one that it breaks off in counts as unreadable. Values after
  /// each other are taken together; what stood in an earlier value already is a repeat on the wire and counts once.
  ///
  /// Reading goes on behind what could not be read, so no byte is looked at more than a few times.
  static func salvaged(from bytes: [UInt8]) -> Salvage {
    var found = Salvage()
    var reader = LooseJSON(bytes)
    while found.count <= mostItems, let start = bytes[reader.position...].firstIndex(where: opensValue) {
      reader = LooseJSON(bytes, at: start)
      do {
        found.take(items(in: try reader.value()) ?? [])
      } catch {
        found.take(brokenAt: error, open: reader.open) { excerpt(of: bytes, at: reader.position) }
      }
    }
    return found
  }

  /// The items of the first value that holds any, from the outermost in.
  private static func items(in value: JSONValue) -> [JSONValue]? {
    if let items = items(of: value), !items.isEmpty { return items }
    switch value {
    case .array(let elements): return items(inFirstOf: elements)
    case .object(let members): return items(inFirstOf: members.map(\.value))
    default: return nil
    }
  }

  private static func items(inFirstOf values: [JSONValue]) -> [JSONValue]? {
    for value in values {
      if let items = items(in: value) { return items }
    }
    return nil
  }

  /// The whole items of lists and objects that have not ended. They are no items themselves: what was still to come of
  /// them could be anything.
  fileprivate static func items(inFirstOf open: [LooseJSON.Open]) -> [JSONValue] {
    for container in open {
      let list = container.isList ? nil : container.value.member("items", "questions")?.elements
      if let list, !list.isEmpty { return list }
      let items = container.isList ? items(in: container.value) : items(inFirstOf: container.members.map(\.value))
      if let items { return items }
    }
    return []
  }

  /// The text after a reasoning model's thoughts, which may hold drafts; nothing where the thoughts never end. Some
  /// servers leave out the mark that opens them. Marks inside the answer are part of it.
  static func withoutThinking(_ bytes: [UInt8]) -> ArraySlice<UInt8> {
    let (opening, closing) = (Array("<think>".utf8), Array("</think>".utf8))
    let start = bytes.firstIndex { $0 > 0x20 } ?? bytes.count
    let isOpened = bytes[start...].starts(with: opening)
    guard let end = bytes.firstPlace(of: closing) else { return isOpened ? [] : bytes[...] }
    guard isOpened || bytes[..<end].firstPlace(of: opening) == nil else { return bytes[...] }
    return bytes[(end + closing.count)...]
  }

  private static func opensValue(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[") }

  /// Some characters from a place on.
  static func excerpt(of bytes: [UInt8], at place: Int) -> String {
    var start = min(place, bytes.count)
    // Not from the middle of a character.
    while start > 0, start < bytes.count, bytes[start] & 0xC0 == 0x80 { start -= 1 }
    return shortened(trimmed(String(decoding: bytes[start...].prefix(400), as: UTF8.self)))
  }
}

extension ReplyReader.Salvage {
  fileprivate mutating func take(_ values: [JSONValue]) {
    let earlier = items
    for value in values.prefix(ReplyReader.mostItems) {
      let item = ReadItem(value)
      if !earlier.contains(item) { add(item) }
    }
    count += max(0, values.count - ReplyReader.mostItems)
  }

  /// `open` is what was open where the value broke off, from the outermost in; `excerpt` what stands there.
  fileprivate mutating func take(brokenAt problem: JSONProblem, open: [LooseJSON.Open], excerpt: () -> String) {
    let whole = ReplyReader.items(inFirstOf: open)
    take(whole)
    let isInItem = open.contains { $0.isBegunItem }
    if problem == .ended {
      endsEarly = true
      isCut = isCut || isInItem || !whole.isEmpty || open.contains { $0.name == "items" || $0.name == "questions" }
    } else if isInItem {
      add(.unreadable(Verdict(code: .schema, detail: "The item is not JSON from '\(excerpt())' on.")))
    }
  }

  private mutating func add(_ item: ReadItem) {
    count += 1
    if items.count < ReplyReader.mostItems { items.append(item) }
  }
}

extension LooseJSON.Open {
  /// Whether it has what an item begins with.
  fileprivate var isBegunItem: Bool { value.member("question", "stem")?.string != nil }
}

extension RandomAccessCollection where Element == UInt8, Index == Int {
  /// Where `mark`, which is not empty, first occurs. Few bytes begin it, so this takes one pass.
  fileprivate func firstPlace(of mark: [UInt8]) -> Int? {
    indices.first { self[$0] == mark[0] && self[$0...].starts(with: mark) }
  }
}
