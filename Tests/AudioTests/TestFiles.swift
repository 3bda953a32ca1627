import Foundation

/// A folder that goes away with its owner.
final class TemporaryFolder {
  let path: String

  init() throws {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("earshot-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    path = url.path
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Puts `bytes` into a file of the folder; returns its path.
  func file(_ name: String, _ bytes: [UInt8]) throws -> String {
    let path = "\(path)/\(name)"
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    return path
  }

  func names() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: path).sorted() }
}

/// A file of Tests/Fixtures.
func fixture(_ name: String) -> String {
  URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Fixtures/\(name)").path
}

func bytes(of path: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(fileURLWithPath: path))) }

/// The folder of real recordings, where there is one.
let realData = ProcessInfo.processInfo.environment["EARSHOT_TEST_DATA"]

/// A WAV file around `data`, as the RIFF specification has it: `tag` is the format code, `bits` a sample's width,
/// `extra` what some codes add to the format chunk.
func wav(
  tag: UInt16, channels: Int, rate: Int, bits: Int, extra: [UInt8] = [], data: [UInt8], promising size: Int? = nil
) -> [UInt8] {
  func little(_ value: some FixedWidthInteger) -> [UInt8] { withUnsafeBytes(of: value.littleEndian) { Array($0) } }
  let frame = channels * max(bits, 8) / 8
  let dataSize = UInt32(size ?? data.count)
  var bytes = Array("RIFF".utf8) + little(36 &+ UInt32(extra.count) &+ dataSize) + Array("WAVEfmt ".utf8)
  bytes += little(UInt32(16 + extra.count)) + little(tag) + little(UInt16(channels)) + little(UInt32(rate))
  bytes += little(UInt32(truncatingIfNeeded: rate * frame)) + little(UInt16(truncatingIfNeeded: frame))
  bytes += little(UInt16(bits)) + extra
  bytes += Array("data".utf8)
  bytes += little(dataSize)
  return bytes + data
}

/// 32-bit float WAV of interleaved samples.
func floatWAV(_ samples: [Float], channels: Int = 1, rate: Int = 16_000, promising frames: Int? = nil) -> [UInt8] {
  let data = samples.flatMap { sample in withUnsafeBytes(of: sample.bitPattern.littleEndian) { Array($0) } }
  let size = frames.map { $0 * channels * 4 }
  return wav(tag: 3, channels: channels, rate: rate, bits: 32, data: data, promising: size)
}
