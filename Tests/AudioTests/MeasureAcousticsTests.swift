import Foundation
import Testing

@testable import Audio

struct MeasureAcousticsTests {
  private func numbers(_ measured: AcousticMeasurements) -> [Double] {
    var numbers = [measured.seconds, measured.silenceShare, measured.noisiness.flatness]
    numbers += [measured.level.averageDBFS, measured.level.peakDBFS, measured.level.changeDB]
    numbers += [measured.level.loudestSeconds, measured.brightness.centroidHz, measured.brightness.rolloffHz]
    numbers += measured.events.flatMap { [$0.start, $0.end, $0.peakDBFS] }
    if let pitch = measured.pitch {
      numbers += [pitch.medianHz, pitch.startHz, pitch.endHz, pitch.lowHz, pitch.highHz, pitch.voicedShare]
    }
    if let tempo = measured.tempo { numbers += [tempo.beatsPerMinute, tempo.strength] }
    return numbers
  }

  @Test(arguments: [1, 2, 79, 159, 160, 161, 400, 1_023, 1_600, 8_001])
  func everyLengthGivesFiniteNumbers(count: Int) {
    let noise = TestSound.noise(count: count, amplitude: 0.3)
    let sounds = [
      noise, noise.map { $0 > 0 ? 1 : -1 }, noise.map { min(1, max(-1, 10 * $0)) },
      [Float](repeating: 0, count: count), [Float](repeating: 0.25, count: count), noise.map { $0 * 1e-20 },
      noise.map { $0 * 1e6 },
      (0..<count).map { $0 == 0 ? 1 : 0 },
    ]

    for samples in sounds {
      let measured = TestSound.measured(samples)

      #expect(numbers(measured).allSatisfy { $0.isFinite })
      #expect(measured.seconds == Double(count) / 16_000)
      #expect((0...1).contains(measured.silenceShare))
      #expect((0...measured.seconds).contains(measured.level.loudestSeconds))
      #expect(measured.events.allSatisfy { 0 <= $0.start && $0.start < $0.end && $0.end <= measured.seconds })
    }
  }

  @Test func silenceIsAllSilence() {
    let measured = TestSound.measured(TestSound.silence(seconds: 1))

    #expect(measured.level.averageDBFS == -120)
    #expect(measured.level.peakDBFS == -120)
    #expect(measured.level.course == .steady)
    #expect(measured.silenceShare == 1)
    #expect(measured.events.isEmpty)
    #expect(measured.pitch == nil)
    #expect(measured.tempo == nil)
  }

  @Test func aConstantOffsetIsNotHeard() {
    let tone = TestSound.tone(seconds: 1) { _ in 440 }

    let offset = TestSound.measured(tone.map { $0 + 0.3 })

    #expect(TestSound.measured([Float](repeating: 0.3, count: 16_000)).silenceShare == 1)
    #expect(offset.pitch.map { abs($0.medianHz - 440) < 2 } ?? false)
    #expect(offset.events.count == 1)
  }

  @Test func theSameClipGivesTheSameBits() {
    let samples = TestSound.noise(seconds: 1) + TestSound.tone(seconds: 1) { 300 + 200 * $0 }

    #expect(TestSound.measured(samples) == TestSound.measured(samples))
  }

  @Test func volumeChangesOnlyLevels() {
    let samples = TestSound.clicks(at: [0.2, 0.7, 1.2, 1.7], seconds: 2) + TestSound.tone(seconds: 1) { _ in 500 }

    let loud = TestSound.measured(samples)
    let quiet = TestSound.measured(samples.map { $0 / 8 })

    #expect(loud.events.map(\.start) == quiet.events.map(\.start))
    #expect(loud.silenceShare == quiet.silenceShare)
    #expect(loud.pitch?.contour == quiet.pitch?.contour)
    #expect(abs(loud.level.averageDBFS - quiet.level.averageDBFS - 18.06) < 0.01)
  }

  @Test func measurementsSurviveJSON() throws {
    let measured = TestSound.measured(TestSound.clicks(at: [0.1, 0.6, 1.1, 1.6], seconds: 2))

    let copy = try JSONDecoder().decode(AcousticMeasurements.self, from: JSONEncoder().encode(measured))

    #expect(copy == measured)
  }
}
