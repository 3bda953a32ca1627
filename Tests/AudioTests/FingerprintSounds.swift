import Foundation

@testable import Audio

/// Recordings that tell enough, and what copies go through, for the tests of fingerprints.
enum FingerprintSounds {
  /// Many short sounds after one another over a little noise; other ones for another seed.
  static func recording(seed: UInt64, seconds: Double = 6) -> Waveform {
    let length = TestSound.rate / 2
    var samples = TestSound.noise(seconds: seconds, amplitude: 0.0005, seed: seed)
    for (place, clip) in Synthesizer(seed: seed).clips(count: Int((2 * seconds).rounded(.up))).enumerated() {
      for (offset, sample) in clip.waveform.samples.prefix(length).enumerated() {
        guard place * length + offset < samples.count else { break }
        samples[place * length + offset] += 0.4 * sample
      }
    }
    return Waveform(samples: samples, sampleRate: TestSound.rate)
  }

  static func fingerprint(seed: UInt64, seconds: Double = 6) throws -> AudioFingerprint {
    try AudioFingerprint(recording(seed: seed, seconds: seconds))
  }

  static func scaled(_ waveform: Waveform, by gain: Float) -> Waveform {
    Waveform(samples: waveform.samples.map { $0 * gain }, sampleRate: waveform.sampleRate)
  }

  static func part(_ waveform: Waveform, _ seconds: Range<Double>) -> Waveform {
    let rate = Double(waveform.sampleRate)
    let range = Int(seconds.lowerBound * rate)..<min(waveform.samples.count, Int(seconds.upperBound * rate))
    return Waveform(samples: Array(waveform.samples[range]), sampleRate: waveform.sampleRate)
  }

  /// Rounded to 16 bits.
  static func rounded(_ waveform: Waveform) -> Waveform {
    let samples = waveform.samples.map { ($0 * 32_768).rounded() / 32_768 }
    return Waveform(samples: samples, sampleRate: waveform.sampleRate)
  }

  /// As coders do: noise in every window, 24 dB below what is heard there, and late by 25 ms.
  static func coded(_ waveform: Waveform, seed: UInt64 = 5) -> Waveform {
    let samples = waveform.samples
    var noise = TestSound.noise(count: samples.count, amplitude: 1, seed: seed)
    for start in stride(from: 0, to: samples.count, by: 512) {
      let block = start..<min(samples.count, start + 512)
      let level = (samples[block].reduce(0) { $0 + $1 * $1 } / Float(block.count)).squareRoot()
      for index in block { noise[index] = samples[index] + 0.063 * level * noise[index] }
    }
    return Waveform(
      samples: [Float](repeating: 0, count: waveform.sampleRate / 40) + noise, sampleRate: waveform.sampleRate)
  }
}
