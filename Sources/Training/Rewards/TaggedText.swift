/// A text with `<name>…</name>` in it.
///
/// Works on UTF-8: to `Character`s, a tag that an accent follows does not end there.
struct TaggedText {
  private var utf8: ArraySlice<UInt8>

  init(_ text: String) { utf8 = Array(text.utf8)[...] }

  /// What stands in the tags, trimmed, if the trimmed text is nothing but one of each with white space between, each
  /// tag is there once, and none is empty.
  func sections(_ names: [String]) -> [String]? {
    var rest = TaggedText(trimmed(string(utf8))).utf8
    var sections: [String] = []
    for name in names {
      let (start, end) = (Array("<\(name)>".utf8), Array("</\(name)>".utf8))
      guard places(of: start).count == 1, places(of: end).count == 1, rest.starts(with: start) else { return nil }
      rest = rest.dropFirst(start.count)
      guard let place = rest.place(of: end) else { return nil }
      sections.append(trimmed(string(rest[..<place])))
      rest = TaggedText(trimmed(string(rest[(place + end.count)...]))).utf8
    }
    return rest.isEmpty && sections.allSatisfy { !$0.isEmpty } ? sections : nil
  }

  /// The answer that the text gives, trimmed: what stands in `<answer>`, over as many lines as it likes; without such
  /// tags, the whole text. What precedes the last `</think>` is thought, not answered.
  ///
  /// `nil` where several tags disagree: else a text that tries them all would be right.
  var answer: String? {
    let end = Array("</think>".utf8)
    let said = places(of: end).last.map { utf8[($0 + end.count)...] } ?? utf8
    let answers = Self.blocks("answer", in: said).map { trimmed(string($0)) }
    guard let first = answers.first else { return trimmed(string(said)) }
    return answers.allSatisfy { $0 == first } ? first : nil
  }

  private static func blocks(_ name: String, in text: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
    let (start, end) = (Array("<\(name)>".utf8), Array("</\(name)>".utf8))
    var blocks: [ArraySlice<UInt8>] = []
    var rest = text
    while let opening = rest.place(of: start) {
      rest = rest[(opening + start.count)...]
      guard let closing = rest.place(of: end) else { break }
      blocks.append(rest[..<closing])
      rest = rest[(closing + end.count)...]
    }
    return blocks
  }

  private func places(of tag: [UInt8]) -> [Int] {
    var places: [Int] = []
    var rest = utf8
    while let place = rest.place(of: tag) {
      places.append(place)
      rest = rest[(place + tag.count)...]
    }
    return places
  }
}

extension ArraySlice<UInt8> {
  /// Where `tag` begins for the first time.
  fileprivate func place(of tag: [UInt8]) -> Int? {
    guard let first = tag.first, tag.count <= count else { return nil }
    return (startIndex...(endIndex - tag.count)).first { self[$0] == first && self[$0...].starts(with: tag) }
  }
}

private func string(_ utf8: ArraySlice<UInt8>) -> String { String(decoding: utf8, as: UTF8.self) }

/// The text without white space at its ends.
func trimmed(_ text: String) -> String {
  let scalars = text.unicodeScalars
  guard let first = scalars.firstIndex(where: { !$0.properties.isWhitespace }),
    let last = scalars.lastIndex(where: { !$0.properties.isWhitespace })
  else { return "" }
  return String(scalars[first...last])
}
