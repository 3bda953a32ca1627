/// Hashes that are the same in every process, unlike `hashValue`.
enum StableHash {
  /// FNV-1a of the bytes (64 bit), with the bits mixed afterwards.
  static func of(_ bytes: [UInt8]) -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in bytes {
      hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3
    }
    return SplitMix64.mixed(hash)
  }

  static func mix(_ first: UInt64, _ second: UInt64) -> UInt64 {
    SplitMix64.mixed(first &+ 0x9e37_79b9_7f4a_7c15 &* (SplitMix64.mixed(second) | 1))
  }

  /// 16 hex digits.
  static func hex(_ hash: UInt64) -> String {
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
