import Foundation
import Testing

@testable import Audio

/// Levels known by construction: a sine has sqrt(1/2) of its peak.
struct LevelTests {
  @Test func aFullScaleSineIsMinusThreeDecibelsAndEven() {
    let level = TestSound.measured(TestSound.tone(seconds: 2, amplitude: 1) { _ in 440 }).level

    #expect(abs(level.averageDBFS + 3.01) < 0.02)
    #expect(abs(level.peakDBFS) < 0.02)
    #expect(level.course == .steady)
    #expect(abs(level.changeDB) < 0.5)
  }

  @Test func whiteNoiseStaysEven() {
    #expect(TestSound.measured(TestSound.noise(seconds: 3)).level.course == .steady)
  }

  @Test(arguments: [12.0, 24, 36])
  func aDecayFallsByItsTrueChange(decibels: Double) {
    let tone = TestSound.tone(seconds: 2) { _ in 440 }

    let level = TestSound.measured(TestSound.shaped(tone) { pow(10, -decibels * $0 / 2 / 20) }).level

    #expect(level.course == .falling)
    #expect(abs(level.changeDB + decibels) < 1.5)
    #expect(level.loudestSeconds < 0.1)
  }

  @Test func aFadeInRises() {
    let noise = TestSound.noise(seconds: 3)

    let level = TestSound.measured(TestSound.shaped(noise) { 0.03 + $0 / 3 }).level

    #expect(level.course == .rising)
    #expect(level.changeDB > 15)
    #expect(level.loudestSeconds > 2.5)
  }

  @Test func aSwellSwellsAndADipDips() {
    let tone = TestSound.tone(seconds: 3) { _ in 300 }

    let swell = TestSound.measured(TestSound.shaped(tone) { 0.05 + sin(.pi * $0 / 3) }).level
    let dip = TestSound.measured(TestSound.shaped(tone) { 1.05 - sin(.pi * $0 / 3) }).level

    #expect(swell.course == .swelling)
    #expect(abs(swell.loudestSeconds - 1.5) < 0.15)
    #expect(dip.course == .dipping)
  }

  @Test(arguments: [1.0, 4])
  func tremoloFluctuates(perSecond: Double) {
    let tone = TestSound.tone(seconds: 4) { _ in 500 }

    let level = TestSound.measured(TestSound.shaped(tone) { 0.55 + 0.45 * sin(2 * .pi * perSecond * $0) }).level

    #expect(level.course == .fluctuating)
  }

  @Test func silenceShareIsThatOfTheSilentParts() {
    let tone = TestSound.tone(seconds: 0.5) { _ in 440 }
    let faint = TestSound.noise(seconds: 0.7, amplitude: 0.001)

    let measured = TestSound.measured(tone + TestSound.silence(seconds: 0.8) + tone + faint)

    #expect(abs(measured.silenceShare - 1.5 / 2.5) < 0.03)
  }

  @Test func gapsTooShortToBeHeardAreNoSilence() {
    let clicks = TestSound.clicks(at: stride(from: 0, to: 1, by: 0.025).map { $0 }, seconds: 1)

    #expect(TestSound.measured(clicks).silenceShare < 0.03)
  }
}
