import Crypto

/// A SHA-256 over mono samples and their rate: the identity of a clip's audio, whatever file it came in.
///
/// What is hashed: the bytes of "earshot-samples-1", the sample rate in Hz as a 64-bit little-endian integer, then each
/// sample as a 32-bit little-endian IEEE 754 float. -0.0 counts as 0.0.
public struct SampleHash: Sendable {
  private var hasher = SHA256()

  /// A hash of no samples at `sampleRate` Hz.
  public init(sampleRate: Int) {
    hasher.update(data: Array("earshot-samples-1".utf8))
    withUnsafeBytes(of: Int64(sampleRate).littleEndian) { hasher.update(bufferPointer: $0) }
  }

  /// Takes in the samples that come next; how they are cut into calls makes no difference.
  public mutating func update(_ samples: [Float]) {
    // -0.0 + 0.0 is 0.0, and nothing else changes.
    let words = samples.map { ($0 + 0).bitPattern.littleEndian }
    words.withUnsafeBytes { hasher.update(bufferPointer: $0) }
  }

  /// The 32 bytes of the hash of what came in so far.
  public func finalize() -> [UInt8] { Array(hasher.finalize()) }

  /// The hash of what came in so far, as 64 lower-case hexadecimal digits.
  public func hexadecimal() -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: finalize().flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }

  /// The hash of a whole waveform, as 64 lower-case hexadecimal digits.
  public static func hexadecimal(of waveform: Waveform) -> String {
    var hash = SampleHash(sampleRate: waveform.sampleRate)
    hash.update(waveform.samples)
    return hash.hexadecimal()
  }
}
