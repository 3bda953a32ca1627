extension Tokenizer {
  /// The text of `ids`. Bytes that are no UTF-8 become U+FFFD, ids without a token become nothing.
  public func decode(_ ids: some Sequence<Int>, skippingSpecialTokens: Bool = false) -> String {
    var bytes: [UInt8] = []
    for id in ids { appendBytes(of: id, skippingSpecialTokens: skippingSpecialTokens, to: &bytes) }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Text that grows by one token at a time. All it returns, put together, is what ``decode(_:skippingSpecialTokens:)``
  /// returns for all the ids.
  public struct Stream: Sendable {
    private let tokenizer: Tokenizer
    private let skippingSpecialTokens: Bool
    /// The beginning of a character whose other bytes are in the tokens to come.
    private var held: [UInt8] = []

    public init(_ tokenizer: Tokenizer, skippingSpecialTokens: Bool = false) {
      self.tokenizer = tokenizer
      self.skippingSpecialTokens = skippingSpecialTokens
    }

    /// What `id` adds to the text; empty while a character is incomplete.
    public mutating func append(_ id: Int) -> String {
      tokenizer.appendBytes(of: id, skippingSpecialTokens: skippingSpecialTokens, to: &held)
      let incomplete = UTF8Text.incompleteSuffix(of: held)
      defer { held.removeFirst(held.count - incomplete) }
      return String(decoding: held.dropLast(incomplete), as: UTF8.self)
    }

    /// What is left at the end: U+FFFD for a character that was never completed.
    public mutating func finish() -> String {
      defer { held = [] }
      return String(decoding: held, as: UTF8.self)
    }
  }

  private func appendBytes(of id: Int, skippingSpecialTokens: Bool, to bytes: inout [UInt8]) {
    if let token = added[id] {
      if skippingSpecialTokens, token.isSpecial { return }
      ByteAlphabet.appendBytes(of: Array(token.text.utf8)[...], to: &bytes)
    } else if let spelling = vocabulary.spelling(of: id) {
      ByteAlphabet.appendBytes(of: spelling, to: &bytes)
    }
  }
}
