/// Runs of words, as hashes with the place where each begins.
struct WordRuns {
  /// Of a question: its stem, then its choices in the order of their bytes.
  static func all(in question: UnsafeBufferPointer<UInt8>, length: Int) -> [(hash: UInt64, start: Int, end: Int)] {
    var words: [(hash: UInt64, start: Int, end: Int)] = []
    var hash = seed
    var start = 0
    for (index, byte) in question.enumerated() {
      if byte == 0x20 || byte == 0x0A {
        if index > start { words.append((hash, start, index)) }
        (hash, start) = (seed, index + 1)
      } else {
        hash = (hash ^ UInt64(byte)) &* prime
      }
    }
    if question.count > start { words.append((hash, start, question.count)) }
    guard words.count >= length else { return [] }
    return (0...(words.count - length)).map { first in
      let run = words[first..<(first + length)]
      return (
        run.reduce(seed) { ($0 ^ $1.hash) &* prime &+ ($0 >> 29) }, words[first].start, words[first + length - 1].end
      )
    }
  }

  private static let seed: UInt64 = 0xCBF2_9CE4_8422_2325
  private static let prime: UInt64 = 0x0000_0100_0000_01B3
}
