import Foundation
import Testing

@testable import Audio

struct AudioFingerprintTests {
  @Test func copiesMatchTheirOriginal() throws {
    for seed in 1...4 {
      let original = FingerprintSounds.recording(seed: UInt64(seed))
      let fingerprint = try AudioFingerprint(original)

      for (name, copy) in try copies(of: original) {
        let match = fingerprint.match(try AudioFingerprint(copy))
        #expect(match?.extent == .recording, "\(name) of \(seed): \(String(describing: match))")
      }
    }
  }

  private func copies(of original: Waveform) throws -> [(String, Waveform)] {
    let at8 = try Resampler().resample(original, to: 8000)
    return [
      ("8 kHz", FingerprintSounds.rounded(at8)), ("44.1 kHz", try Resampler().resample(original, to: 44_100)),
      ("-12 dB", FingerprintSounds.rounded(FingerprintSounds.scaled(original, by: 0.251))),
      ("+12 dB", FingerprintSounds.scaled(original, by: 3.98)),
      ("no first second", FingerprintSounds.part(original, 1.0..<6.0)),
      ("no last second", FingerprintSounds.part(original, 0.0..<5.0)),
      ("half a frame off", FingerprintSounds.part(original, 0.016..<6.0)),
      ("coded", FingerprintSounds.coded(original)),
      ("coded, 8 kHz, no first second", FingerprintSounds.coded(FingerprintSounds.part(at8, 1.0..<6.0))),
    ]
  }

  @Test func differentRecordingsDoNotMatch() throws {
    let fingerprints = try (1...24).map { try FingerprintSounds.fingerprint(seed: UInt64($0)) }

    var largest = 0.0
    for (place, one) in fingerprints.enumerated() {
      for other in fingerprints[..<place] {
        #expect(one.match(other) == nil)
        largest = max(largest, one.likeness(to: other)?.similarity ?? 0)
      }
    }

    // Far from the least similarity, 0.5.
    #expect(largest < 0.3, "\(largest)")
  }

  @Test func anExcerptIsFoundWhereItIs() throws {
    let whole = FingerprintSounds.recording(seed: 3, seconds: 20)
    let excerpt = FingerprintSounds.part(whole, 7.3..<10.3)

    let match = try #require(try AudioFingerprint(whole).match(AudioFingerprint(excerpt)))

    #expect(abs(match.offset - 7.3) <= AudioFingerprint.frameSeconds / 2 + 0.001, "\(match)")
    #expect(match.extent == .recording)
    #expect(abs(match.overlap - 3) < 0.1)
  }

  @Test func theEndOfOneAndTheBeginningOfAnotherAreAPart() throws {
    let whole = FingerprintSounds.recording(seed: 4, seconds: 14)
    let (early, late) = (FingerprintSounds.part(whole, 0.0..<10.0), FingerprintSounds.part(whole, 5.0..<14.0))

    let match = try #require(try AudioFingerprint(early).match(AudioFingerprint(late)))

    #expect(match.extent == .part)
    #expect(abs(match.offset - 5) < 0.04 && abs(match.overlap - 5) < 0.1, "\(match)")
  }

  @Test func theOffsetIsNegativeWhereTheOtherBeginsEarlier() throws {
    let whole = FingerprintSounds.recording(seed: 9)
    let excerpt = FingerprintSounds.part(whole, 2.0..<6.0)

    let match = try #require(try AudioFingerprint(excerpt).match(AudioFingerprint(whole)))

    #expect(abs(match.offset + 2) < 0.04, "\(match)")
  }

  @Test func humAndSilenceTellTooLittle() throws {
    let hum = TestSound.tone(seconds: 10, amplitude: 0.3, harmonics: [1, 0.5, 0.3, 0.2, 0.2, 0.1, 0.1]) { _ in 50 }
    let dither = TestSound.noise(seconds: 10, amplitude: 0.000_02)
    let humming = zip(hum, TestSound.noise(seconds: 10, amplitude: 0.000_1)).map { $0 + $1 }
    for samples in [hum, humming, dither, TestSound.silence(seconds: 10), []] {
      let fingerprint = try AudioFingerprint(Waveform(samples: samples, sampleRate: TestSound.rate))

      #expect(!fingerprint.tellsEnough, "\(fingerprint.information)")
      #expect(fingerprint.match(fingerprint) == nil)
    }
  }

  @Test func windIsNotAnotherWind() throws {
    let winds = try (1...12).map { seed in
      // Noise that swells and fades, low frequencies the louder.
      var low: Float = 0
      let samples = TestSound.noise(seconds: 10, seed: UInt64(seed)).map { sample in
        low += 0.2 * (sample - low)
        return low
      }
      return try AudioFingerprint(
        Waveform(samples: TestSound.shaped(samples) { 0.6 + 0.4 * Double(cos($0 / 2)) }, sampleRate: TestSound.rate))
    }

    for (place, one) in winds.enumerated() {
      for other in winds[..<place] { #expect(one.match(other) == nil) }
      #expect((one.match(one)?.similarity ?? 0) > 0.999)
    }
  }

  @Test func soundsOfAnyLengthHaveAFingerprint() throws {
    for count in [0, 1, 2047, 2048, 3071, 3072, 3073, 10_000] {
      let samples = TestSound.noise(count: count, amplitude: 0.1)
      let fingerprint = try AudioFingerprint(Waveform(samples: samples, sampleRate: 8000))

      #expect(fingerprint.frames.count == max(0, (count - 2048) / 256 + 1 - 4), "\(count)")
      #expect(fingerprint.seconds <= Double(count) / 8000)
    }
  }

  @Test func itsBytesMakeItAgain() throws {
    let fingerprint = try FingerprintSounds.fingerprint(seed: 2)
    let bytes = fingerprint.bytes

    #expect(AudioFingerprint(bytes: bytes) == fingerprint)
    #expect(Double(bytes.count) <= 6 * AudioFingerprint.bytesPerSecond)
    #expect(AudioFingerprint(bytes: bytes.dropLast()) == nil)
    // A sign cannot be + and -.
    #expect(AudioFingerprint(bytes: [1, 0, 0, 0, 1, 0, 0, 0]) == nil)
    #expect(AudioFingerprint(bytes: [UInt8]())?.tellsEnough == false)
  }

  @Test func aFrameIsThePowerOfItsBands() throws {
    // A tone that jumps from 1000 to 1100 Hz: the band that gains is above the one that loses.
    let samples = TestSound.tone(seconds: 2, amplitude: 0.3) { $0 < 1 ? 1000 : 1100 }
    let frames = try AudioFingerprint(Waveform(samples: samples, sampleRate: TestSound.rate)).frames

    // Bands of a factor 14^(1/33): 1000 Hz is in band 17, 1100 Hz in band 18; sign 17 compares the two.
    let plus = frames.filter { $0 & 1 << 17 != 0 }.count
    #expect(plus >= 3)
    #expect(frames.allSatisfy { $0 & 1 << (32 + 17) == 0 })
    // Signs last as long as the windows that lie on both sides of the jump.
    #expect(frames.filter { $0 != 0 }.count < 16)
  }
}
