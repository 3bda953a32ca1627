/// The ids of words that came up before in one text: most words of a language are repeated.
///
/// Bounded: a word finds its place within a few steps or is not kept.
struct WordCache {
  private static let longestWord = 64
  private static let steps = 8

  private struct Slot {
    var hash: UInt32
    var word: Int32
    var wordCount: Int32
    var ids: Int32
    var idCount: Int32
  }

  /// A slot without ids is free.
  private var slots: [Slot]
  private var words: [UInt8] = []
  private var ids: [Int32] = []

  /// A cache for a text of `bytes` bytes.
  init(bytes: Int) {
    let size = min(max(bytes / 4, 16), 1 << 16).nextPowerOfTwo
    slots = Array(repeating: Slot(hash: 0, word: 0, wordCount: 0, ids: 0, idCount: 0), count: size)
  }

  /// Appends the ids of `word`, from `make` if they are not known.
  mutating func append(
    _ word: UnsafeBufferPointer<UInt8>, to output: inout [Int32], make: (inout [Int32]) -> Void
  ) {
    guard word.count > 1, word.count <= Self.longestWord else { return make(&output) }
    let hash = Self.hash(word)
    var free: Int?
    for step in 0..<Self.steps {
      let index = (Int(hash) + step) & (slots.count - 1)
      let slot = slots[index]
      if slot.idCount == 0 {
        free = index
        break
      }
      if slot.hash == hash, slot.wordCount == word.count, holds(slot, word) {
        for id in ids[Int(slot.ids)..<Int(slot.ids + slot.idCount)] { output.append(id) }
        return
      }
    }
    let start = output.count
    make(&output)
    if let free { keep(word, hash: hash, ids: output[start...], at: free) }
  }

  private mutating func keep(_ word: UnsafeBufferPointer<UInt8>, hash: UInt32, ids new: ArraySlice<Int32>, at slot: Int)
  {
    slots[slot] = Slot(
      hash: hash, word: Int32(words.count), wordCount: Int32(word.count), ids: Int32(ids.count),
      idCount: Int32(new.count))
    words.append(contentsOf: word)
    ids.append(contentsOf: new)
  }

  private func holds(_ slot: Slot, _ word: UnsafeBufferPointer<UInt8>) -> Bool {
    words.withUnsafeBufferPointer { words in
      for index in 0..<word.count where words[Int(slot.word) + index] != word[index] { return false }
      return true
    }
  }

  /// FNV-1a; what collides is merely not kept.
  private static func hash(_ word: UnsafeBufferPointer<UInt8>) -> UInt32 {
    var hash: UInt32 = 2_166_136_261
    for byte in word { hash = (hash ^ UInt32(byte)) &* 16_777_619 }
    return hash ^ hash >> 15
  }
}
