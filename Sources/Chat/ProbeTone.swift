import Foundation

/// A steady tone as a WAV file, for asking whether an endpoint hears.
enum ProbeTone {
  private static let sampleRate = 16_000

  /// Mono, 16 bits, half of full scale; in base64. 43 kB a second.
  static func base64(seconds: Int, hertz: Double) -> String {
    let count = seconds * sampleRate
    var bytes = header(dataBytes: UInt32(2 * count))
    bytes.reserveCapacity(bytes.count + 2 * count)
    for index in 0..<count {
      let phase = 2 * Double.pi * hertz * Double(index) / Double(sampleRate)
      let sample = Int16(16_384 * sin(phase))
      bytes.append(UInt8(truncatingIfNeeded: sample))
      bytes.append(UInt8(truncatingIfNeeded: sample >> 8))
    }
    return Data(bytes).base64EncodedString()
  }

  /// RIFF, "fmt " for mono PCM of 16 bits, and the start of "data".
  private static func header(dataBytes: UInt32) -> [UInt8] {
    let rate = UInt32(sampleRate)
    var bytes = Array("RIFF".utf8) + littleEndian(36 + dataBytes) + Array("WAVEfmt ".utf8)
    bytes += littleEndian(UInt32(16)) + littleEndian(UInt16(1)) + littleEndian(UInt16(1))
    bytes += littleEndian(rate) + littleEndian(rate * 2) + littleEndian(UInt16(2)) + littleEndian(UInt16(16))
    return bytes + Array("data".utf8) + littleEndian(dataBytes)
  }

  private static func littleEndian(_ value: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: value.littleEndian) { Array($0) }
  }
}
