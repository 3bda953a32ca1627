/// A short stretch of a fingerprint as one number, which copies of the recording have too.
struct FingerprintWord {
  /// The first frame of the stretch.
  var frame: Int
  var word: UInt32

  // Found by measurement (docs/fingerprint.md).
  /// Signs are taken in so many parts, each with every so manieth band: a coder's noise rarely falls on all of them.
  private static let partCount = 4
  /// A word is made of three frames; signs of neighbouring ones are nearly the same.
  private static let step = 4
  /// Words of fewer signs are found everywhere.
  private static let fewestSigns = 5
  /// One of so many words is used, which one is decided by the word alone, so copies keep the same ones.
  private static let sampling: UInt64 = 2

  /// The words of a fingerprint, in order of frames.
  static func forEach(in frames: [UInt64], _ body: (FingerprintWord) -> Void) {
    guard frames.count > 2 * step else { return }
    for frame in 0..<frames.count - 2 * step {
      for part in 0..<partCount {
        let mask: UInt64 = 0x1111_1111_1111_1111 << UInt64(part)
        let (a, b, c) = (frames[frame] & mask, frames[frame + step] & mask, frames[frame + 2 * step] & mask)
        guard a.nonzeroBitCount + b.nonzeroBitCount + c.nonzeroBitCount >= fewestSigns else { continue }
        let hash = mixed(mixed(mixed(a) &+ b) &+ c)
        guard hash % sampling == 0 else { continue }
        body(FingerprintWord(frame: frame, word: UInt32(truncatingIfNeeded: hash >> 32)))
      }
    }
  }

  /// The finalizer of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014): each bit depends on all.
  private static func mixed(_ value: UInt64) -> UInt64 {
    var z = value &+ 0x9E37_79B9_7F4A_7C15
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
