/// A WAV file of 16 bits, as its header says it is.
func wave(_ samples: [Int16], rate: Int = 16_000, channels: Int = 1) -> [UInt8] {
  func bytes(_ value: some FixedWidthInteger) -> [UInt8] { withUnsafeBytes(of: value.littleEndian) { Array($0) } }
  let data = samples.flatMap { bytes($0) }
  return Array("RIFF".utf8) + bytes(UInt32(36 + data.count)) + Array("WAVEfmt ".utf8) + bytes(UInt32(16))
    + bytes(UInt16(1)) + bytes(UInt16(channels)) + bytes(UInt32(rate)) + bytes(UInt32(rate * channels * 2))
    + bytes(UInt16(channels * 2)) + bytes(UInt16(16)) + Array("data".utf8) + bytes(UInt32(data.count)) + data
}
