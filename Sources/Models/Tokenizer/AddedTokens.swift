/// A token that is cut out of the text before anything else looks at it, as `<|im_end|>` is.
struct AddedToken: Sendable, Equatable {
  var id: Int
  var text: String
  /// Left out of decoded text on request.
  var isSpecial = false
  /// Looked for after the text has been composed, not before.
  var isNormalized = false
  var isSingleWord = false
  var stripsLeft = false
  var stripsRight = false
}

/// Finds added tokens in text: the leftmost, of those that begin at one place the longest.
struct AddedTokenMatcher: Sendable {
  /// Sorted by text.
  private let tokens: [(text: [UInt8], token: AddedToken)]
  private let isFirstByte: [Bool]

  init(_ tokens: [AddedToken]) {
    self.tokens = tokens.map { (Array($0.text.utf8), $0) }.sorted { $0.0.lexicographicallyPrecedes($1.0) }
    var isFirstByte = [Bool](repeating: false, count: 256)
    for (text, _) in self.tokens { if let byte = text.first { isFirstByte[Int(byte)] = true } }
    self.isFirstByte = isFirstByte
  }

  /// Cuts `bytes` at the tokens; `body` gets the parts in order, of which those between tokens have no token and are
  /// not empty.
  func split(_ bytes: ArraySlice<UInt8>, _ body: (ArraySlice<UInt8>, AddedToken?) -> Void) {
    var (done, position) = (bytes.startIndex, bytes.startIndex)
    while !tokens.isEmpty, position < bytes.endIndex {
      guard isFirstByte[Int(bytes[position])], let index = longestMatch(in: bytes, at: position) else {
        position += 1
        continue
      }
      let (text, token) = tokens[index]
      var (start, end) = (position, position + text.count)
      position = end
      if token.isSingleWord, Self.touchesWord(start..<end, in: bytes) { continue }
      if token.stripsLeft { start = max(Self.spaceStart(before: start, in: bytes), done) }
      if token.stripsRight { end = Self.spaceEnd(after: end, in: bytes) }
      if done < start { body(bytes[done..<start], nil) }
      body(bytes[start..<end], token)
      done = end
      position = max(position, end)
    }
    if done < bytes.endIndex { body(bytes[done...], nil) }
  }

  /// The longest token at `start`: the tokens that agree so far are a range of the sorted list, which each byte
  /// narrows.
  private func longestMatch(in bytes: ArraySlice<UInt8>, at start: Int) -> Int? {
    var (low, high, found) = (0, tokens.count, Int?.none)
    for depth in 0..<bytes.endIndex - start {
      let byte = bytes[start + depth]
      low = firstIndex(in: low..<high, at: depth) { $0 >= byte }
      high = firstIndex(in: low..<high, at: depth) { $0 > byte }
      if low == high { break }
      if tokens[low].text.count == depth + 1 { found = low }
    }
    return found
  }

  /// The first of `range` whose byte at `depth` passes; a token that ends before comes before all that go on.
  private func firstIndex(in range: Range<Int>, at depth: Int, _ passes: (UInt8) -> Bool) -> Int {
    var (low, high) = (range.lowerBound, range.upperBound)
    while low < high {
      let middle = (low + high) / 2
      let text = tokens[middle].text
      if depth < text.count, passes(text[depth]) { high = middle } else { low = middle + 1 }
    }
    return low
  }

  private static func touchesWord(_ range: Range<Int>, in bytes: ArraySlice<UInt8>) -> Bool {
    let before = String(decoding: bytes[..<range.lowerBound].suffix(4), as: UTF8.self).unicodeScalars.last
    let after = String(decoding: bytes[range.upperBound...].prefix(4), as: UTF8.self).unicodeScalars.first
    return [before, after].contains { $0.map(isWordCharacter) ?? false }
  }

  /// `\w`
  private static func isWordCharacter(_ scalar: Unicode.Scalar) -> Bool {
    let properties = scalar.properties
    switch properties.generalCategory {
    case .decimalNumber, .connectorPunctuation, .nonspacingMark, .spacingMark, .enclosingMark: return true
    default: return properties.isAlphabetic || properties.isJoinControl
    }
  }

  private static func spaceStart(before end: Int, in bytes: ArraySlice<UInt8>) -> Int {
    var start = end
    while let scalar = String(decoding: bytes[..<start].suffix(4), as: UTF8.self).unicodeScalars.last,
      scalar.properties.isWhitespace
    {
      start -= UTF8.width(scalar)
    }
    return start
  }

  private static func spaceEnd(after start: Int, in bytes: ArraySlice<UInt8>) -> Int {
    var end = start
    while let scalar = String(decoding: bytes[end...].prefix(4), as: UTF8.self).unicodeScalars.first,
      scalar.properties.isWhitespace
    {
      end += UTF8.width(scalar)
    }
    return end
  }
}
