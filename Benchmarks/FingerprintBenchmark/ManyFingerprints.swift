import Audio
import Foundation

/// Very many fingerprints, one in a hundred of which is a damaged copy of another.
///
/// Signs come and go at random, independently in each band, as often and for as long as in real recordings. Real
/// bands depend on each other, so real recordings have more words in common than these.
struct ManyFingerprints {
  private let clips: Int
  private let seconds: Double

  init(clips: Int, seconds: Double) {
    self.clips = clips
    self.seconds = seconds
  }

  func tell() {
    var random = SeededRandom(state: 1)
    var fingerprints: [AudioFingerprint] = []
    let frames = Int(seconds / AudioFingerprint.frameSeconds)
    for clip in 0..<clips {
      let bytes =
        clip % 100 == 99
        ? damaged(fingerprints[clip - 50].bytes, using: &random) : signs(frames: frames, using: &random)
      if let fingerprint = AudioFingerprint(bytes: bytes) { fingerprints.append(fingerprint) }
    }
    let set = FingerprintSet(fingerprints)
    let before = largestMegabytes()
    let start = ContinuousClock.now
    let pairs = set.pairs()
    let searched = start.duration(to: .now) / .seconds(1)
    let clusters = set.clusters()
    let clustered = start.duration(to: .now) / .seconds(1) - searched
    let planted = pairs.count { $0.second % 100 == 99 && $0.first == $0.second - 50 }
    let others = pairs.count - planted
    line(
      "scale", clips, seconds, searched, clustered, clips / 100, planted, clusters.count, others, before,
      largestMegabytes())
  }

  /// The most memory that the process had so far.
  private func largestMegabytes() -> Int {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return usage.ru_maxrss / 1024
  }

  private func signs(frames: Int, using random: inout SeededRandom) -> [UInt8] {
    var (plus, minus): (UInt32, UInt32) = (0, 0)
    var bytes: [UInt8] = []
    for _ in 0..<frames {
      // A sign ends in one of 6 frames; of the bands without one, one in 12 gets one: a third of them has one.
      let ending = random.mask(oneOf: 6)
      (plus, minus) = (plus & ~ending, minus & ~ending)
      let beginning = random.mask(oneOf: 12) & ~(plus | minus)
      let up = UInt32(truncatingIfNeeded: random.next())
      (plus, minus) = (plus | beginning & up, minus | beginning & ~up)
      withUnsafeBytes(of: (UInt64(minus) << 32 | UInt64(plus)).littleEndian) { bytes.append(contentsOf: $0) }
    }
    return bytes
  }

  /// Without its first second, and without one sign in six.
  private func damaged(_ bytes: [UInt8], using random: inout SeededRandom) -> [UInt8] {
    bytes.dropFirst(8 * 31).map { $0 & ~UInt8(truncatingIfNeeded: random.mask(oneOf: 6)) }
  }
}

/// SplitMix64 (Steele, Lea and Flood, OOPSLA 2014).
struct SeededRandom: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// 32 bits, each set with a chance of one in `count`.
  mutating func mask(oneOf count: UInt64) -> UInt32 {
    (0..<UInt32(32)).reduce(0) { $0 | (next() % count == 0 ? 1 << $1 : 0) }
  }
}
