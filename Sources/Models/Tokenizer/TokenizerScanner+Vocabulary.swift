extension TokenizerScanner {
  /// Calls `body` at the value of each member of an object; `body` has to step over it. No two members share a name.
  mutating func eachMember(
    of key: String, _ body: (inout TokenizerScanner, String) throws(TokenizerError) -> Void
  ) throws(TokenizerError) {
    try open("{", key: key, wanted: "an object")
    var names: Set<[UInt8]> = []
    while let name = try nextMember() {
      guard names.insert(Array(name.utf8)).inserted else { throw .repeatedKey(path: path, key: name) }
      try body(&self, name)
    }
  }

  /// An object of tokens and their ids, in the order of the file.
  mutating func vocabulary(key: String) throws(TokenizerError) -> [(token: String, id: Int)] {
    try open("{", key: key, wanted: "an object of tokens and their ids")
    var tokens: [(token: String, id: Int)] = []
    while let token = try nextMember() {
      switch try peek() {
      case UInt8(ascii: "-"), 0x30...0x39: tokens.append((token, try id(try number(), of: token)))
      default: throw .wrongValue(path: path, key: token, wanted: "a whole number")
      }
    }
    return tokens
  }

  /// A list of merges, each "a b" or ["a", "b"].
  mutating func merges(key: String) throws(TokenizerError) -> [(left: String, right: String)] {
    try open("[", key: key, wanted: "a list of merges")
    var merges: [(left: String, right: String)] = []
    while try nextElement() {
      guard let merge = try merge() else { throw .malformedMerge(path: path, number: merges.count + 1) }
      merges.append(merge)
    }
    return merges
  }

  private mutating func merge() throws(TokenizerError) -> (left: String, right: String)? {
    switch try peek() {
    case UInt8(ascii: "\""): return Self.pair(try string())
    case UInt8(ascii: "["):
      guard case .array(let pair) = try value(), pair.count == 2, let left = pair[0].text, let right = pair[1].text
      else { return nil }
      return (left, right)
    default: return nil
    }
  }

  /// The two tokens of a merge that is written with a space between them.
  static func pair(_ text: String) -> (left: String, right: String)? {
    let parts = text.utf8.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
    guard parts.count == 2, let left = String(parts[0]), let right = String(parts[1]) else { return nil }
    return (left, right)
  }

  /// The id of `token` that is written as `spelling`.
  func id(_ spelling: String, of token: String) throws(TokenizerError) -> Int {
    guard let id = Int(spelling), id >= 0, id <= Tokenizer.largestID else {
      throw .idOutOfRange(path: path, token: token, id: spelling)
    }
    return id
  }

  private mutating func open(_ bracket: Unicode.Scalar, key: String, wanted: String) throws(TokenizerError) {
    guard try peek() == UInt8(ascii: bracket) else { throw .wrongValue(path: path, key: key, wanted: wanted) }
    try open(bracket)
  }
}
