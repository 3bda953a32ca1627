import Foundation

@testable import Audio

/// Sounds whose measurements are known by construction, 16 kHz.
enum TestSound {
  static let rate = 16_000

  /// A tone whose pitch in Hz is a function of time in seconds; `harmonics` are the amplitudes of its partials.
  static func tone(
    seconds: Double, amplitude: Float = 0.5, harmonics: [Float] = [1], pitch: (Double) -> Double
  ) -> [Float] {
    var phase = 0.0
    return (0..<Int(seconds * Double(rate))).map { index in
      defer { phase += 2 * .pi * pitch(Double(index) / Double(rate)) / Double(rate) }
      var sample: Float = 0
      for (number, partial) in harmonics.enumerated() where partial != 0 {
        sample += partial * Float(sin(Double(number + 1) * phase))
      }
      return amplitude * sample
    }
  }

  /// White Gaussian noise; `amplitude` is its standard deviation.
  static func noise(count: Int, amplitude: Float, seed: UInt64 = 1) -> [Float] {
    var random = SplitMix64(seed: seed)
    func uniform() -> Double { max(random.uniform(0...1), .leastNormalMagnitude) }
    return (0..<count).map { _ in
      amplitude * Float((-2 * log(uniform())).squareRoot() * cos(2 * .pi * uniform()))
    }
  }

  static func noise(seconds: Double, amplitude: Float = 0.1, seed: UInt64 = 1) -> [Float] {
    noise(count: Int(seconds * Double(rate)), amplitude: amplitude, seed: seed)
  }

  static func silence(seconds: Double) -> [Float] { [Float](repeating: 0, count: Int(seconds * Double(rate))) }

  /// Clicks of 5 ms that decay, at `times`.
  static func clicks(at times: [Double], seconds: Double, amplitude: Float = 0.8) -> [Float] {
    var samples = silence(seconds: seconds)
    for time in times {
      for offset in 0..<80 {
        let index = Int(time * Double(rate)) + offset
        guard index < samples.count else { break }
        samples[index] += amplitude * exp(-Float(offset) / 16) * (offset % 2 == 0 ? 1 : -1)
      }
    }
    return samples
  }

  static func measured(_ samples: [Float]) -> AcousticMeasurements {
    measureAcoustics(Waveform(samples: samples, sampleRate: rate))
  }

  /// `samples` with each multiplied by `gain` of its time in seconds.
  static func shaped(_ samples: [Float], by gain: (Double) -> Double) -> [Float] {
    samples.enumerated().map { $1 * Float(gain(Double($0) / Double(rate))) }
  }
}
