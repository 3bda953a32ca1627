/// Qwen's tokenizer: byte-level byte-pair encoding. Ids equal those of Hugging Face's `tokenizers`.
public struct Tokenizer: Sendable {
  /// Larger ids in a file are taken for damage.
  public static let largestID = 10_000_000

  let vocabulary: TokenTable
  let merges: MergeTable
  /// The id of each of the 256 bytes.
  let byteIDs: [Int32]
  let added: [Int: AddedToken]
  private let addedIDs: [[UInt8]: Int]
  /// Tokens that are looked for before the text is composed, and after it.
  let literalMatcher: AddedTokenMatcher
  let normalizedMatcher: AddedTokenMatcher
  /// Whether text is put in normal form C first.
  let composes: Bool

  /// One more than the largest id: how many rows a model's embedding has at least.
  public let vocabularySize: Int

  init(vocabulary: TokenTable, merges: MergeTable, byteIDs: [Int32], added: [AddedToken], composes: Bool) {
    self.vocabulary = vocabulary
    self.merges = merges
    self.byteIDs = byteIDs
    self.added = Dictionary(added.map { ($0.id, $0) }, uniquingKeysWith: { _, later in later })
    self.addedIDs = Dictionary(added.map { (Array($0.text.utf8), $0.id) }, uniquingKeysWith: { _, later in later })
    self.composes = composes
    literalMatcher = AddedTokenMatcher(added.filter { !$0.isNormalized })
    normalizedMatcher = AddedTokenMatcher(
      added.filter(\.isNormalized).map { token in
        var token = token
        if composes, let text = Composition.composed(Array(token.text.utf8)[...]) {
          token.text = String(decoding: text, as: UTF8.self)
        }
        return token
      })
    vocabularySize = max(vocabulary.endID, (added.map(\.id).max() ?? -1) + 1)
  }

  /// The token of `id` as the vocabulary spells it: bytes by GPT-2's alphabet (`Ġ` for a space), added tokens as they
  /// are.
  public func token(for id: Int) -> String? {
    if let token = added[id] { return token.text }
    return vocabulary.spelling(of: id).map { String(decoding: $0, as: UTF8.self) }
  }

  /// The id of a token in the vocabulary's spelling.
  public func id(of token: String) -> Int? {
    addedIDs[Array(token.utf8)] ?? vocabulary.id(of: Array(token.utf8))
  }

  /// Whether `id` is a special token, as `<|im_end|>` is.
  public func isSpecial(_ id: Int) -> Bool { added[id]?.isSpecial ?? false }
}
