/// Writes mono WAV files of 16-bit PCM.
public enum WAVWriter {
  /// The file's bytes: a header of 44 bytes and two bytes a sample.
  ///
  /// A sample is multiplied by 32,768, rounded half away from zero, and clamped to 16 bits, so 16-bit audio that was
  /// read comes back bit for bit; NaN becomes 0. The waveform is at most ``mostSamples`` long.
  public static func encode(_ waveform: Waveform) -> [UInt8] {
    precondition(waveform.samples.count <= mostSamples, "a WAV file holds at most \(mostSamples) samples of 16 bits")
    let dataBytes = 2 * waveform.samples.count
    var bytes = header(sampleRate: UInt32(clamping: waveform.sampleRate), dataBytes: UInt32(dataBytes))
    bytes.reserveCapacity(bytes.count + dataBytes)
    for sample in waveform.samples {
      let word = quantized(sample)
      bytes.append(UInt8(truncatingIfNeeded: word))
      bytes.append(UInt8(truncatingIfNeeded: word >> 8))
    }
    return bytes
  }

  /// Writes the waveform to `path`; at no time is there a part of it under that name.
  public static func write(_ waveform: Waveform, to path: String) throws(AudioError) {
    guard waveform.samples.count <= mostSamples else { throw .tooLong(path: path, seconds: waveform.seconds) }
    try AtomicFile.write(encode(waveform), to: path)
  }

  /// What fits below 4 GiB with the header.
  public static let mostSamples = (Int(UInt32.max) - 44) / 2

  /// The sample of 16 bits that is next to `sample`.
  static func quantized(_ sample: Float) -> Int16 {
    guard !sample.isNaN else { return 0 }
    return Int16(min(max((sample * 32_768).rounded(.toNearestOrAwayFromZero), -32_768), 32_767))
  }

  /// RIFF, "fmt " for mono 16-bit PCM, and the start of "data".
  private static func header(sampleRate: UInt32, dataBytes: UInt32) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes += Array("RIFF".utf8) + littleEndian(36 + dataBytes) + Array("WAVEfmt ".utf8)
    bytes += littleEndian(UInt32(16)) + littleEndian(UInt16(1)) + littleEndian(UInt16(1))
    bytes +=
      littleEndian(sampleRate) + littleEndian(sampleRate &* 2) + littleEndian(UInt16(2)) + littleEndian(UInt16(16))
    bytes += Array("data".utf8) + littleEndian(dataBytes)
    return bytes
  }

  private static func littleEndian(_ value: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: value.littleEndian) { Array($0) }
  }
}
