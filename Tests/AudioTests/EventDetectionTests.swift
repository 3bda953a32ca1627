import Foundation
import Testing

@testable import Audio

/// Events known by construction.
struct EventDetectionTests {
  private func starts(_ samples: [Float]) -> [Double] { TestSound.measured(samples).events.map(\.start) }

  @Test func threeClicksAreThreeEventsAtTheirTimes() {
    let times = [0.137, 0.9, 1.613]

    let found = starts(TestSound.clicks(at: times, seconds: 2))

    #expect(found.count == 3)
    #expect(zip(found, times).allSatisfy { abs($0 - $1) < 0.02 })
  }

  @Test func aToneIsOneEventThatFillsTheClip() {
    let events = TestSound.measured(TestSound.tone(seconds: 1) { _ in 440 }).events

    #expect(events.count == 1)
    #expect(events[0].start < 0.02)
    #expect(events[0].end > 0.98)
    #expect(abs(events[0].peakDBFS + 6.02) < 0.05)
  }

  @Test func noiseIsOneEventThatFillsTheClip() {
    let events = TestSound.measured(TestSound.noise(seconds: 3)).events

    #expect(events.count == 1)
    #expect(events[0].start < 0.02)
    #expect(events[0].end > 2.98)
  }

  @Test(arguments: [1, 2, 5, 9])
  func burstsWithGapsAreCounted(count: Int) {
    let burst = TestSound.noise(seconds: 0.2)
    let gap = TestSound.silence(seconds: 0.15)

    let events = TestSound.measured(gap + (0..<count).flatMap { _ in burst + gap }).events

    #expect(events.count == count)
    for (index, event) in events.enumerated() {
      #expect(abs(event.start - 0.15 - 0.35 * Double(index)) < 0.02)
      #expect(abs(event.end - 0.35 - 0.35 * Double(index)) < 0.02)
    }
  }

  @Test func burstsAboveABackgroundAreCounted() {
    let background = TestSound.noise(seconds: 3, amplitude: 0.01, seed: 5)
    let bursts = TestSound.shaped(TestSound.noise(seconds: 3)) { $0.truncatingRemainder(dividingBy: 1) < 0.3 ? 1 : 0 }

    #expect(starts(zip(background, bursts).map { $0 + $1 }).count == 3)
  }

  @Test func closeRepeatsMerge() {
    #expect(starts(TestSound.clicks(at: [0.5, 0.54, 1.5], seconds: 2)).count == 2)
  }

  @Test func aStringStruckAgainBeforeItDiesAwayIsHeardAgain() {
    let note = TestSound.tone(seconds: 0.5, harmonics: [1, 0.5, 0.3, 0.2, 0.1, 0.1]) { _ in 262 }
    let struck = TestSound.shaped(note) { exp(-3 * $0) }

    #expect(starts(struck + struck + struck + struck).count == 4)
  }

  @Test func silenceHasNoEvents() {
    #expect(starts(TestSound.silence(seconds: 1)).isEmpty)
  }
}
