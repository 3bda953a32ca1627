/// Hashes of a text's shingles: of each run of `length` characters (Unicode scalars), in 32 bits.
///
/// A text that is shorter is its own only shingle. Keeps its memory from text to text; used by one thread.
struct Shingles {
  let length: Int
  private let leading: UInt64
  private var scalars: [UInt32] = []
  /// Of the last text, in its order; a shingle that occurs again is there again.
  private(set) var hashes: [UInt32] = []

  private static let base: UInt64 = 0x9E37_79B9_7F4A_7C15

  init(length: Int) {
    precondition(length >= 1, "A shingle has a character.")
    self.length = length
    leading = (0..<length).reduce(UInt64(1)) { power, _ in power &* Self.base }
  }

  /// Hashes the shingles of a text in UTF-8.
  mutating func read(_ text: UnsafeBufferPointer<UInt8>) {
    scalars.removeAll(keepingCapacity: true)
    hashes.removeAll(keepingCapacity: true)
    if text.allSatisfy({ $0 < 0x80 }) {
      for byte in text { scalars.append(UInt32(byte)) }
    } else {
      for scalar in String(decoding: text, as: UTF8.self).unicodeScalars { scalars.append(scalar.value) }
    }
    roll()
  }

  /// The Rabin-Karp hash of each run, modulo 2^64, then mixed.
  private mutating func roll() {
    var hash: UInt64 = 0
    for index in scalars.indices {
      hash = hash &* Self.base &+ UInt64(scalars[index]) &+ 1
      if index >= length { hash = hash &- (UInt64(scalars[index - length]) &+ 1) &* leading }
      if index >= length - 1 { hashes.append(Self.mixed(hash)) }
    }
    if hashes.isEmpty { hashes.append(Self.mixed(hash)) }
  }

  /// The upper half of MurmurHash3's 64-bit finalizer.
  static func mixed(_ value: UInt64) -> UInt32 {
    var hash = value
    hash = (hash ^ (hash >> 33)) &* 0xFF51_AFD7_ED55_8CCD
    hash = (hash ^ (hash >> 33)) &* 0xC4CE_B9FE_1A85_EC53
    return UInt32(truncatingIfNeeded: (hash ^ (hash >> 33)) >> 32)
  }
}
