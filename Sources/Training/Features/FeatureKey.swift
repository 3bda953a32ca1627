/// What the rows of a frozen encoder depend on.
public struct FeatureKey: Hashable, Sendable {
  /// Names the sound: a hash of its samples, or of its file.
  public let sound: String
  /// Names the model whose encoder made the rows, as ``AudioLanguageModel/revision`` does.
  public let model: String
  /// How the sound was prepared, and in which format the encoder's weights were, as in "float32 first 30 s".
  public let mode: String

  public init(sound: String, model: String, mode: String) {
    self.sound = sound
    self.model = model
    self.mode = mode
  }

  /// The three parts, each with its length before it, so that no two keys have the same bytes.
  var bytes: [UInt8] { [model, mode, sound].flatMap { Array("\($0.utf8.count):".utf8) + Array($0.utf8) } }

  /// Where the rows are, below the cache's folder: a folder for the model, 4,096 below it, and a name without anything
  /// that a file system gives a meaning.
  var path: String {
    let bytes = bytes
    let name = bytes.withUnsafeBytes {
      FeatureHash.of($0, seed: 1).hexadecimal + FeatureHash.of($0, seed: 2).hexadecimal
    }
    let folder = Array(model.utf8).withUnsafeBytes { FeatureHash.of($0, seed: 3).hexadecimal }
    return "\(folder)/\(name.prefix(2))/\(name.dropFirst(2).prefix(1))/\(name.dropFirst(3))"
  }
}

/// A hash of 64 bits against accidents, not against intent.
///
/// Eight bytes at a time are mixed in by steps that can be undone, so that a change within any eight bytes alone always
/// changes the hash. The mixing is that of SplitMix64 (Steele, Lea and Flood 2014).
enum FeatureHash {
  static func of(_ bytes: UnsafeRawBufferPointer, seed: UInt64) -> UInt64 {
    var hash = mixed(seed ^ UInt64(bytes.count) &* 0x9E37_79B9_7F4A_7C15)
    let whole = bytes.count / 8 * 8
    for start in stride(from: 0, to: whole, by: 8) {
      let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: start, as: UInt64.self))
      hash = (hash ^ word) &* 0xBF58_476D_1CE4_E5B9
      hash ^= hash >> 32
    }
    for index in whole..<bytes.count { hash = mixed(hash ^ UInt64(bytes[index])) }
    return mixed(hash)
  }

  private static func mixed(_ value: UInt64) -> UInt64 {
    var mixed = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }
}

extension UInt64 {
  fileprivate var hexadecimal: String {
    let digits = String(self, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
