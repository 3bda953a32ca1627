import Foundation
import Testing

@testable import Audio

/// Tempos known by construction.
struct TempoEstimationTests {
  private func tempo(_ samples: [Float]) -> AcousticMeasurements.Tempo? { TestSound.measured(samples).tempo }

  @Test(arguments: [60.0, 75, 90, 100, 120, 132, 150, 168, 180])
  func clicksHaveTheirTempo(beatsPerMinute: Double) throws {
    let times = Array(stride(from: 0.113, to: 8, by: 60 / beatsPerMinute))

    let found = try #require(tempo(TestSound.clicks(at: times, seconds: 8)))

    #expect(abs(found.beatsPerMinute / beatsPerMinute - 1) < 0.02)
    #expect(found.strength > 0.7)
    #expect(found.strength <= 1)
  }

  @Test func fourClicksAreEnoughAndThreeAreNot() throws {
    let four = try #require(tempo(TestSound.clicks(at: [0.2, 0.7, 1.2, 1.7], seconds: 2.2)))

    #expect(abs(four.beatsPerMinute - 120) < 2.4)
    #expect(tempo(TestSound.clicks(at: [0.2, 0.7, 1.2], seconds: 1.7)) == nil)
  }

  @Test func accentsDoNotHalveTheTempo() throws {
    let strong = TestSound.clicks(at: Array(stride(from: 0.1, to: 8, by: 1)), seconds: 8, amplitude: 0.8)
    let weak = TestSound.clicks(at: Array(stride(from: 0.6, to: 8, by: 1)), seconds: 8, amplitude: 0.4)

    let found = try #require(tempo(zip(strong, weak).map { $0 + $1 }))

    #expect(abs(found.beatsPerMinute - 120) < 2.4)
  }

  @Test func notesWithoutGapsHaveTheirTempo() throws {
    let melody = [262.0, 330, 392, 330, 294, 349, 440, 349, 262].flatMap { hertz in
      TestSound.tone(seconds: 0.6, harmonics: [1, 0.6, 0.4, 0.3, 0.2]) { _ in hertz }
    }

    let found = try #require(tempo(melody))

    #expect(abs(found.beatsPerMinute - 100) < 2)
  }

  @Test func whatHasNoPulseHasNoTempo() {
    #expect(tempo(TestSound.tone(seconds: 5) { _ in 440 }) == nil)
    #expect(tempo(TestSound.noise(seconds: 5)) == nil)
    #expect(tempo(TestSound.silence(seconds: 5)) == nil)
    #expect(tempo(TestSound.tone(seconds: 3) { 200 + 200 * $0 }) == nil)
    #expect(tempo(TestSound.clicks(at: [0.3, 0.75, 1.9], seconds: 4)) == nil)
  }

  @Test(arguments: 1...10)
  func irregularClicksHaveNoTempo(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    var times = [0.2]
    for _ in 0..<9 { times.append(times[times.count - 1] + random.uniform(0.15...1.4)) }

    #expect(tempo(TestSound.clicks(at: times, seconds: times[9] + 0.5)) == nil)
  }
}
