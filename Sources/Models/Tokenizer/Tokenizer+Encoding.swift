extension Tokenizer {
  /// The ids of `text`. Special tokens that are spelled out in it become their ids.
  public func encode(_ text: String) -> [Int] { encode(text, parsingSpecialTokens: true) }

  /// The ids of `text`. Without `parsingSpecialTokens` all of it is ordinary text, so that nobody can end a turn by
  /// writing `<|im_end|>`: no added token comes out, special or not.
  public func encode(_ text: String, parsingSpecialTokens: Bool) -> [Int] {
    let bytes = Array(text.utf8)
    var run = EncodingRun(merger: WordMerger(merges: merges, byteIDs: byteIDs), cache: WordCache(bytes: bytes.count))
    guard parsingSpecialTokens else {
      run.append(composed(bytes[...]))
      return run.ids.map(Int.init)
    }
    literalMatcher.split(bytes[...]) { part, token in
      if let token { return run.append(token.id) }
      normalizedMatcher.split(composed(part)) { part, token in
        if let token { run.append(token.id) } else { run.append(part) }
      }
    }
    return run.ids.map(Int.init)
  }

  private func composed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    guard composes, let composed = Composition.composed(bytes) else { return bytes }
    return composed[...]
  }
}

/// One text on its way to ids.
private struct EncodingRun {
  var merger: WordMerger
  var cache: WordCache
  var ids: [Int32] = []

  mutating func append(_ id: Int) { ids.append(Int32(id)) }

  /// Appends ordinary text.
  mutating func append(_ text: ArraySlice<UInt8>) {
    text.withUnsafeBufferPointer { bytes in
      var words = WordScanner(bytes)
      while let range = words.next() {
        let word = UnsafeBufferPointer(rebasing: bytes[range])
        cache.append(word, to: &ids) { merger.append(word, to: &$0) }
      }
    }
  }
}
