/// Learns a byte-level byte-pair encoding from a text: small vocabularies for small models and for tests.
public enum TokenizerTraining {
  /// The special tokens of Qwen2-Audio, in the order of their ids.
  public static let specialTokens = [
    "<|endoftext|>", "<|im_start|>", "<|im_end|>", "<|AUDIO|>", "<|audio_bos|>", "<|audio_eos|>",
  ]

  /// A vocabulary of at most `vocabularySize` tokens: the 256 bytes, the pairs that are most frequent in `text`, and
  /// the special tokens last. The same text gives the same tokenizer.
  ///
  /// Time grows with the number of merges times that of different words.
  public static func train(
    text: String, vocabularySize: Int, specialTokens: [String] = specialTokens
  ) throws(TokenizerError) -> TrainedTokenizer {
    let least = 256 + specialTokens.count
    guard vocabularySize >= least else { throw .vocabularyTooSmall(size: vocabularySize, least: least) }
    var run = TrainingRun(text: text)
    run.learn(merges: vocabularySize - least)
    let (tokens, merges) = (run.tokens.map(spelling), run.merges)
    var parts = TokenizerParts(path: "trained tokenizer")
    parts.vocabulary = tokens.enumerated().map { ($0.element, $0.offset) }
    parts.merges = merges.map { (tokens[Int($0.left)], tokens[Int($0.right)]) }
    for token in specialTokens {
      guard !token.isEmpty, !(tokens + parts.added.map(\.text)).contains(token) else {
        throw .unusableSpecialToken(token)
      }
      parts.added.append(AddedToken(id: tokens.count + parts.added.count, text: token, isSpecial: true))
    }
    return TrainedTokenizer(parts: parts, tokenizer: try parts.tokenizer())
  }

  private static func spelling(_ bytes: [UInt8]) -> String {
    String(decoding: bytes.flatMap(ByteAlphabet.spelling), as: UTF8.self)
  }
}

/// The words of a text, cut into the tokens learnt so far.
private struct TrainingRun {
  struct Pair: Hashable {
    var left: Int32
    var right: Int32
  }

  /// What each token stands for. First the bytes, in the order of the characters that spell them.
  private(set) var tokens: [[UInt8]]
  private(set) var merges: [Pair] = []
  private var words: [(tokens: [Int32], count: Int)]

  init(text: String) {
    tokens = ByteAlphabet.scalars.indices.sorted { ByteAlphabet.scalars[$0] < ByteAlphabet.scalars[$1] }
      .map { [UInt8($0)] }
    var ids = [Int32](repeating: 0, count: 256)
    for (id, token) in tokens.enumerated() { for byte in token { ids[Int(byte)] = Int32(id) } }
    var counts: [[UInt8]: Int] = [:]
    let bytes = Array(text.utf8)
    (Composition.composed(bytes[...]) ?? bytes).withUnsafeBufferPointer { bytes in
      var scanner = WordScanner(bytes)
      while let word = scanner.next() { counts[Array(bytes[word]), default: 0] += 1 }
    }
    // A dictionary's order is another in each process.
    words = counts.sorted { $0.key.lexicographicallyPrecedes($1.key) }
      .map { word in (word.key.map { ids[Int($0)] }, word.value) }
  }

  /// Learns up to `count` merges; fewer if no pair comes up twice any more.
  mutating func learn(merges count: Int) {
    while merges.count < count, let pair = mostFrequentPair() {
      let merged = Int32(tokens.count)
      tokens.append(tokens[Int(pair.left)] + tokens[Int(pair.right)])
      merges.append(pair)
      for index in words.indices { Self.replace(pair, by: merged, in: &words[index].tokens) }
    }
  }

  /// The pair of the most places, at least two; of equals the one of the smallest ids.
  private func mostFrequentPair() -> Pair? {
    var counts: [Pair: Int] = [:]
    for (tokens, count) in words {
      for (left, right) in zip(tokens, tokens.dropFirst()) {
        counts[Pair(left: left, right: right), default: 0] += count
      }
    }
    let best = counts.filter { $0.value > 1 && !isKnown($0.key) }
      .max { ($0.value, $1.key.left, $1.key.right) < ($1.value, $0.key.left, $0.key.right) }
    return best?.key
  }

  /// Whether other parts have made the same token before.
  private func isKnown(_ pair: Pair) -> Bool {
    tokens.contains(tokens[Int(pair.left)] + tokens[Int(pair.right)])
  }

  private static func replace(_ pair: Pair, by merged: Int32, in tokens: inout [Int32]) {
    var (read, write) = (0, 0)
    while read < tokens.count {
      let isPair = read + 1 < tokens.count && tokens[read] == pair.left && tokens[read + 1] == pair.right
      tokens[write] = isPair ? merged : tokens[read]
      read += isPair ? 2 : 1
      write += 1
    }
    tokens.removeLast(tokens.count - write)
  }
}
