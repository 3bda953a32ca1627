/// What a tokenizer's files say, before anything has been checked against anything else.
struct TokenizerParts {
  /// The file that the vocabulary and the merges come from.
  var path: String
  var vocabulary: [(token: String, id: Int)] = []
  var merges: [(left: String, right: String)] = []
  var added: [AddedToken] = []
  /// Whether text is put in normal form C first.
  var composes = true

  /// The tokenizer, if all fits together: each token and each id once, no id left out, each byte there, and each
  /// merge between tokens into a token.
  func tokenizer() throws(TokenizerError) -> Tokenizer {
    let table = try table()
    try checkAdded(table)
    try checkHoles(table)
    var byteIDs: [Int32] = []
    for byte in UInt8.min...UInt8.max {
      guard let id = table.id(of: ByteAlphabet.spelling(of: byte)) else {
        throw .missingByte(path: path, byte: byte)
      }
      byteIDs.append(Int32(id))
    }
    return Tokenizer(
      vocabulary: table, merges: try mergeTable(table), byteIDs: byteIDs, added: added, composes: composes)
  }

  /// Adds `tokens`, of which those already there get the new flags.
  mutating func add(_ tokens: [AddedToken], from path: String) throws(TokenizerError) {
    var places: [[UInt8]: Int] = [:]
    for (place, token) in added.enumerated() { places[Array(token.text.utf8)] = place }
    for token in tokens {
      let text = Array(token.text.utf8)
      guard let place = places[text] else {
        places[text] = added.count
        added.append(token)
        continue
      }
      guard added[place].id == token.id else {
        throw .contradiction(path: path, token: token.text, ids: [added[place].id, token.id])
      }
      added[place] = token
    }
  }

  /// Adds special tokens that have no id in any file: those in the vocabulary keep theirs, others get the next.
  mutating func add(_ named: NamedTokens) {
    var next = (vocabulary.map(\.id) + added.map(\.id)).reduce(0) { max($0, $1 + 1) }
    for text in named.texts where !added.contains(where: { $0.text.utf8.elementsEqual(text.utf8) }) {
      let known = vocabulary.first { $0.token.utf8.elementsEqual(text.utf8) }?.id
      added.append(AddedToken(id: known ?? next, text: text, isSpecial: true))
      if known == nil { next += 1 }
    }
  }

  private func table() throws(TokenizerError) -> TokenTable {
    let largest = vocabulary.reduce(-1) { max($0, $1.id) }
    // A table is as long as the largest id, so a file must not be able to ask for more than its tokens fill.
    if largest >= vocabulary.count + added.count { throw .hole(path: path, id: firstHole) }
    var table = TokenTable(capacity: largest + 1)
    for (token, id) in vocabulary where !table.insert(token.utf8, id: id) {
      if table.id(of: token.utf8) != nil { throw .repeatedToken(path: path, token: token) }
      throw .repeatedID(path: path, id: id, tokens: [Self.text(table.spelling(of: id)), token])
    }
    return table
  }

  private func checkAdded(_ table: TokenTable) throws(TokenizerError) {
    var texts: [Int: String] = [:]
    var ids: [[UInt8]: Int] = [:]
    for token in added {
      if let id = ids.updateValue(token.id, forKey: Array(token.text.utf8)), id != token.id {
        throw .contradiction(path: path, token: token.text, ids: [id, token.id])
      }
      if let id = table.id(of: token.text.utf8), id != token.id {
        throw .contradiction(path: path, token: token.text, ids: [id, token.id])
      }
      let earlier = texts[token.id] ?? table.spelling(of: token.id).map(Self.text)
      if let earlier, !earlier.utf8.elementsEqual(token.text.utf8) {
        throw .repeatedID(path: path, id: token.id, tokens: [earlier, token.text])
      }
      texts[token.id] = token.text
    }
  }

  private func checkHoles(_ table: TokenTable) throws(TokenizerError) {
    guard table.count < table.endID else { return }
    let addedIDs = Set(added.map(\.id))
    for id in 0..<table.endID where !table.contains(id) && !addedIDs.contains(id) {
      throw .hole(path: path, id: id)
    }
  }

  private var firstHole: Int {
    let ids = Set(vocabulary.map(\.id) + added.map(\.id))
    return (0...ids.count).first { !ids.contains($0) } ?? ids.count
  }

  private func mergeTable(_ table: TokenTable) throws(TokenizerError) -> MergeTable {
    var merges = MergeTable(capacity: self.merges.count)
    var merged: [UInt8] = []
    for (rank, (left, right)) in self.merges.enumerated() {
      guard !left.utf8.isEmpty, !right.utf8.isEmpty else { throw .malformedMerge(path: path, number: rank + 1) }
      merged.removeAll(keepingCapacity: true)
      merged.append(contentsOf: left.utf8)
      merged.append(contentsOf: right.utf8)
      guard let leftID = table.id(of: left.utf8) else {
        throw .unknownInMerge(path: path, number: rank + 1, token: left)
      }
      guard let rightID = table.id(of: right.utf8) else {
        throw .unknownInMerge(path: path, number: rank + 1, token: right)
      }
      guard let mergedID = table.id(of: merged) else {
        throw .unknownInMerge(path: path, number: rank + 1, token: left + right)
      }
      merges.insert(left: leftID, right: rightID, rank: rank, merged: mergedID)
    }
    return merges
  }

  private static func text(_ spelling: ArraySlice<UInt8>?) -> String {
    String(decoding: spelling ?? [], as: UTF8.self)
  }
}
