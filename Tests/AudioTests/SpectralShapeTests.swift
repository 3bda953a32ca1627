import Foundation
import Testing

@testable import Audio

/// Spectra known by construction.
struct SpectralShapeTests {
  @Test func aToneIsTonalAndAtItsFrequency() {
    let measured = TestSound.measured(TestSound.tone(seconds: 1) { _ in 1_000 })

    #expect(measured.noisiness.character == .tonal)
    #expect(measured.noisiness.flatness < 0.01)
    #expect(abs(measured.brightness.centroidHz - 1_000) < 60)
    #expect(abs(measured.brightness.rolloffHz - 1_000) < 40)
  }

  /// Powers of white noise are exponentially distributed, whose geometric mean is exp(-0.5772) of the arithmetic one.
  @Test func whiteNoiseHasItsTheoreticalFlatness() {
    let measured = TestSound.measured(TestSound.noise(seconds: 4))

    #expect(abs(measured.noisiness.flatness - 0.5615) < 0.02)
    #expect(measured.noisiness.character == .noisy)
    #expect(abs(measured.brightness.centroidHz - 4_000) < 80)
    #expect(abs(measured.brightness.rolloffHz - 0.85 * 8_000) < 120)
  }

  @Test func darkNoiseIsStillNoise() {
    var level: Float = 0
    let dark = TestSound.noise(seconds: 3).map { sample in
      level = 0.97 * level + 0.2 * sample
      return level
    }

    let measured = TestSound.measured(dark)

    #expect(measured.noisiness.character == .noisy)
    #expect(measured.pitch == nil)
    #expect(measured.brightness.centroidHz < 2_000)
  }

  @Test func noiseBurstsAreNoise() {
    let bursts = (0..<4).flatMap { _ in TestSound.noise(seconds: 0.2) + TestSound.silence(seconds: 0.3) }

    #expect(TestSound.measured(bursts).noisiness.character == .noisy)
  }

  @Test func aChordIsTonal() {
    let notes = [262.0, 330, 392].map { hertz in
      TestSound.tone(seconds: 1, amplitude: 0.2, harmonics: [1, 0.5, 0.3]) { _ in hertz }
    }

    let chord = notes[0].indices.map { notes[0][$0] + notes[1][$0] + notes[2][$0] }

    #expect(TestSound.measured(chord).noisiness.character == .tonal)
  }

  @Test func aToneAndNoiseOfOnePowerAreMixed() {
    let tone = TestSound.tone(seconds: 2, amplitude: 0.14) { _ in 500 }

    let measured = TestSound.measured(zip(tone, TestSound.noise(seconds: 2)).map { $0 + $1 })

    #expect(measured.noisiness.character == .mixed)
  }
}
