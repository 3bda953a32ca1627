import CKernels

/// The band keys of texts: equal keys make two texts candidates.
///
/// The hash functions are (x ^ mask) * multiplier modulo 2^32 with constants from SplitMix64, the same on every machine,
/// so that keys can be stored.
struct MinHash {
  let settings: NearSettings
  private let masks: [UInt32]
  private let multipliers: [UInt32]
  private var shingles: Shingles
  private var smallest: [UInt32]

  init(_ settings: NearSettings) {
    self.settings = settings
    let block = Int(CKERNELS_MINHASH_BLOCK)
    let hashes = (settings.bands * settings.rows + block - 1) / block * block
    var state: UInt64 = 0x4541_5253_484F_5431
    func next() -> UInt32 {
      state &+= 0x9E37_79B9_7F4A_7C15
      return Shingles.mixed(state)
    }
    masks = (0..<hashes).map { _ in next() }
    multipliers = (0..<hashes).map { _ in next() | 1 }
    shingles = Shingles(length: settings.shingle)
    smallest = Array(repeating: 0, count: hashes)
  }

  /// Writes the `settings.bands` keys of a text in UTF-8.
  mutating func keys(of text: UnsafeBufferPointer<UInt8>, into keys: UnsafeMutableBufferPointer<UInt32>) {
    sketch(text)
    for band in 0..<settings.bands {
      var hash: UInt64 = UInt64(band)
      for row in 0..<settings.rows {
        hash = (hash ^ UInt64(smallest[band * settings.rows + row])) &* 0x9FB2_1C65_1E98_DF25
        hash ^= hash >> 29
      }
      keys[band] = Shingles.mixed(hash)
    }
  }

  /// The smallest value of each hash function; the share in which those of two texts agree is, on average, the texts'
  /// similarity.
  mutating func sketch(of text: UnsafeBufferPointer<UInt8>) -> [UInt32] {
    sketch(text)
    return smallest
  }

  private mutating func sketch(_ text: UnsafeBufferPointer<UInt8>) {
    shingles.read(text)
    ckernels_minhash(shingles.hashes, shingles.hashes.count, masks, multipliers, masks.count, &smallest)
  }
}
