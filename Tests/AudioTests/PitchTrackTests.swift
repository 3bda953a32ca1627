import Foundation
import Testing

@testable import Audio

/// Pitches known by construction.
struct PitchTrackTests {
  private func pitch(_ samples: [Float]) -> AcousticMeasurements.Pitch? { TestSound.measured(samples).pitch }

  /// Whether `hertz` is `truth` but for `share` of it.
  private func isNear(_ hertz: Double?, _ truth: Double, _ share: Double = 0.005) -> Bool {
    hertz.map { abs($0 / truth - 1) < share } ?? false
  }

  @Test(arguments: [60.0, 110, 440, 997, 2500, 3951])
  func aToneHasItsPitch(hertz: Double) {
    let found = pitch(TestSound.tone(seconds: 1) { _ in hertz })

    #expect(isNear(found?.medianHz, hertz))
    #expect(isNear(found?.startHz, hertz, 0.01))
    #expect(isNear(found?.endHz, hertz, 0.01))
    #expect(found?.contour == .steady)
    #expect(found?.voicedShare == 1)
  }

  @Test func risingChirpIsHeardAsRising() {
    let found = pitch(TestSound.tone(seconds: 1) { 200 + 600 * $0 })

    #expect(found?.contour == .rising)
    #expect(isNear(found?.startHz, 200, 0.05))
    #expect(isNear(found?.endHz, 800, 0.05))
  }

  @Test func fallingGlideIsHeardAsFalling() {
    let found = pitch(TestSound.tone(seconds: 2, harmonics: [1, 0.5, 0.25]) { 880 * exp2(-$0) })

    #expect(found?.contour == .falling)
    #expect(isNear(found?.startHz, 880, 0.05))
    #expect(isNear(found?.endHz, 220, 0.05))
  }

  @Test func pitchThatRisesAndFallsArches() {
    let arch = pitch(TestSound.tone(seconds: 2) { 200 + 200 * sin(.pi * $0 / 2) })
    let dip = pitch(TestSound.tone(seconds: 2) { 400 - 200 * sin(.pi * $0 / 2) })

    #expect(arch?.contour == .arching)
    #expect(isNear(arch?.lowHz, 200, 0.08))
    #expect(isNear(arch?.highHz, 400, 0.03))
    #expect(dip?.contour == .dipping)
  }

  @Test func vibratoIsSteadyAndASirenIsNot() {
    let vibrato = pitch(
      TestSound.tone(seconds: 2, harmonics: [1, 0.5]) { 440 * exp2(0.5 / 12 * sin(2 * .pi * 6 * $0)) })
    let siren = pitch(TestSound.tone(seconds: 6) { 900 + 400 * sin(2 * .pi * 0.5 * $0) })

    #expect(vibrato?.contour == .steady)
    #expect(isNear(vibrato?.medianHz, 440, 0.02))
    #expect(siren?.contour == .varying)
  }

  @Test func fastGlidesAreFollowed() {
    let chirp = pitch(TestSound.tone(seconds: 0.3) { 200 + 2_000 * $0 })
    let yelp = pitch(TestSound.tone(seconds: 3) { 900 + 400 * sin(2 * .pi * 3 * $0) })

    #expect(chirp?.contour == .rising)
    #expect(isNear(chirp?.endHz, 800, 0.05))
    #expect(yelp?.contour == .varying)
    #expect(isNear(yelp?.lowHz, 500, 0.1))
    #expect(isNear(yelp?.highHz, 1_300, 0.1))
    #expect(yelp.map { $0.voicedShare > 0.95 } ?? false)
  }

  @Test func tonesAboveThePianoHaveNoPitch() {
    #expect(pitch(TestSound.tone(seconds: 1) { _ in 5_500 }) == nil)
  }

  @Test func aMissingFundamentalIsHeard() {
    let found = pitch(TestSound.tone(seconds: 1, amplitude: 0.2, harmonics: [0, 0, 1, 1, 1, 1]) { _ in 200 })

    #expect(isNear(found?.medianHz, 200))
  }

  @Test(arguments: [90.0, 120, 230])
  func aVowelHasThePitchOfItsPulses(hertz: Double) {
    // 700 and 1,100 Hz: the first two formants of an open vowel.
    let harmonics = (1...30).map { number in
      let frequency = Float(number) * Float(hertz)
      return 1 / (1 + pow((frequency - 700) / 80, 2)) + 0.5 / (1 + pow((frequency - 1_100) / 90, 2)) + 0.02
    }

    let found = pitch(TestSound.tone(seconds: 1, amplitude: 0.3, harmonics: harmonics) { _ in hertz })

    #expect(isNear(found?.medianHz, hertz, 0.01))
    #expect(found?.contour == .steady)
  }

  @Test func twoTonesInSequenceRise() {
    let found = pitch(TestSound.tone(seconds: 0.6) { _ in 300 } + TestSound.tone(seconds: 0.6) { _ in 600 })

    #expect(found?.contour == .rising)
    #expect(isNear(found?.startHz, 300, 0.02))
    #expect(isNear(found?.endHz, 600, 0.02))
  }

  @Test func aToneInNoiseHasItsPitch() {
    let tone = TestSound.tone(seconds: 1) { _ in 330 }

    let found = pitch(zip(tone, TestSound.noise(seconds: 1)).map { $0 + $1 })

    #expect(isNear(found?.medianHz, 330))
  }

  @Test func noiseAndClicksHaveNoPitch() {
    #expect(pitch(TestSound.noise(seconds: 2)) == nil)
    #expect(pitch(TestSound.clicks(at: [0.2, 0.9, 1.3], seconds: 2)) == nil)
    #expect(pitch(TestSound.silence(seconds: 1)) == nil)
  }

  @Test func theSecondNoteIsNotLostInTheFirstOneDyingAway() {
    // While both sound, they repeat at 66 Hz, a fifth of one and a quarter of the other.
    let first = TestSound.shaped(TestSound.tone(seconds: 2, harmonics: [1, 0.4]) { _ in 330 }) { exp(-4 * $0) }
    let second = TestSound.shaped(TestSound.tone(seconds: 1.5, harmonics: [1, 0.4]) { _ in 264 }) { exp(-4 * $0) }

    let found = pitch(zip(first, TestSound.silence(seconds: 0.5) + second).map { $0 + $1 })

    #expect(found?.contour == .falling)
    #expect((found?.lowHz ?? 0) > 250)
  }
}
