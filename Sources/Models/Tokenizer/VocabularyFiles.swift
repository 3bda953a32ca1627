/// `vocab.json` and `merges.txt`, the older form of a tokenizer's files.
enum VocabularyFiles {
  static func read(vocabulary: String, merges: String) throws(TokenizerError) -> TokenizerParts {
    var parts = TokenizerParts(path: vocabulary)
    var scanner = TokenizerScanner(try TokenizerFiles.bytes(of: vocabulary), path: vocabulary)
    parts.vocabulary = try scanner.vocabulary(key: "vocab.json")
    try scanner.end()
    parts.merges = try Self.merges(try TokenizerFiles.bytes(of: merges), path: merges)
    return parts
  }

  /// One merge a line; a line that begins with `#version` says who wrote the file.
  static func merges(_ bytes: [UInt8], path: String) throws(TokenizerError) -> [(left: String, right: String)] {
    guard let text = String(validating: bytes, as: UTF8.self) else { throw .notUTF8(path: path) }
    var merges: [(left: String, right: String)] = []
    for line in text.utf8.split(separator: UInt8(ascii: "\n")) {
      let line = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
      if line.isEmpty || line.starts(with: "#version".utf8) { continue }
      guard let text = String(line), let merge = TokenizerScanner.pair(text) else {
        throw .malformedMerge(path: path, number: merges.count + 1)
      }
      merges.append(merge)
    }
    return merges
  }

  /// Adds the tokens of `added_tokens.json`, an object of tokens and their ids.
  static func addTokens(
    in files: TokenizerFiles, named: NamedTokens, to parts: inout TokenizerParts
  ) throws(TokenizerError) {
    guard let path = files.path("added_tokens.json") else { return }
    var scanner = TokenizerScanner(try TokenizerFiles.bytes(of: path), path: path)
    var tokens: [AddedToken] = []
    for (text, id) in try scanner.vocabulary(key: "added_tokens.json") {
      guard !text.utf8.isEmpty else {
        throw .wrongValue(path: path, key: "added_tokens.json", wanted: "an object of tokens that are not empty")
      }
      let isSpecial = named.contains(text)
      tokens.append(AddedToken(id: id, text: text, isSpecial: isSpecial, isNormalized: !isSpecial))
    }
    try scanner.end()
    try parts.add(tokens, from: path)
  }
}
