import Foundation
import Testing

@testable import Audio

/// Random changes to WAV files: each ends in samples that are numbers, or in one line. A second in the ordinary run; with
/// EARSHOT_FUZZ_SECONDS as many as it says, as scripts/fuzz does under AddressSanitizer.
@Suite struct WAVFuzzTests {
  private static let seconds = ProcessInfo.processInfo.environment["EARSHOT_FUZZ_SECONDS"].flatMap(Double.init) ?? 1

  private static let files: [[UInt8]] = [
    floatWAV((0..<400).map { sinf(Float($0) / 7) }),
    floatWAV((0..<400).map { sinf(Float($0) / 7) }, channels: 2, rate: 44_100),
    wav(tag: 1, channels: 1, rate: 8_000, bits: 16, data: (0..<400).map { UInt8($0 * 7 & 255) }),
    wav(tag: 1, channels: 3, rate: 22_257, bits: 24, data: (0..<450).map { UInt8($0 * 11 & 255) }),
    wav(tag: 1, channels: 1, rate: 11_127, bits: 8, data: (0..<400).map { UInt8($0 * 5 & 255) }),
    wav(tag: 6, channels: 1, rate: 8_000, bits: 8, data: (0..<400).map { UInt8($0 * 3 & 255) }),
  ]

  @Test func changedFilesGiveNumbersOrOneLine() throws {
    let folder = try TemporaryFolder()
    let clock = ContinuousClock()
    let end = clock.now + .seconds(Self.seconds)
    var round = 0
    while round < 500 || clock.now < end {
      var random = SplitMix64(seed: 20_240_918, index: UInt64(round))
      let path = try folder.file("a.wav", Self.changed(Self.files[round % Self.files.count], &random))
      do throws(AudioError) {
        let waveform = try AudioReader.decode(path: path, maximumSeconds: 1)
        #expect(waveform.samples.allSatisfy { $0.isFinite }, "round \(round)")
        let resampled = try Resampler().resample(waveform, to: Waveform.modelRate)
        #expect(resampled.samples.allSatisfy { $0.isFinite }, "round \(round)")
      } catch {
        #expect(!"\(error)".contains { $0.isNewline }, "round \(round)")
      }
      round += 1
    }
  }

  /// Up to eight bytes changed, most of them in the header, and now and then a cut.
  private static func changed(_ file: [UInt8], _ random: inout SplitMix64) -> [UInt8] {
    var bytes = file
    for _ in 0..<Int.random(in: 1...8, using: &random) {
      let reach = Bool.random(using: &random) ? min(60, bytes.count) : bytes.count
      let extremes: [UInt8] = [0, 1, 0x7f, 0x80, 0xff]
      bytes[Int.random(in: 0..<reach, using: &random)] =
        Bool.random(using: &random)
        ? extremes.randomElement(using: &random) ?? 0 : UInt8.random(in: 0...255, using: &random)
    }
    if Int.random(in: 0..<4, using: &random) == 0 { bytes.removeLast(Int.random(in: 0...bytes.count, using: &random)) }
    return bytes
  }
}
