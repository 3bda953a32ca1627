import Audio
import Foundation
import Testing

@testable import Captioning

struct AcousticCaptionerTests {
  /// Two seconds of A4 at half of full scale.
  private let tone = Waveform(
    samples: (0..<32_000).map { Float(0.5 * sin(2 * Double.pi * 440 * Double($0) / 16_000)) }, sampleRate: 16_000)

  // Known by construction: a sine of amplitude 0.5 has a mean level of -9.0 dBFS and a peak of -6.0 dBFS.
  @Test func aToneIsCaptionedAsATone() throws {
    let clip = CaptionInput(clip: "c1", waveform: tone, labels: ["beep"])

    let draft = try AcousticCaptioner().captions(for: [clip])[0].get()[0]

    #expect(
      draft.text.hasPrefix("The recording is labelled \"beep\". It lasts 2 seconds. Its average level is -9.0 dBFS"))
    #expect(draft.text.contains("The pitch stays steady near 440 Hz (A4)."))
    #expect(draft.text.contains("It is mostly tonal"))
  }

  @Test func factsAreTheMeasurementsAsSortedJSON() throws {
    let draft = try AcousticCaptioner().captions(for: [CaptionInput(clip: "c1", waveform: tone)])[0].get()[0]
    let facts = try #require(draft.facts)

    let decoded = try JSONDecoder().decode(AcousticMeasurements.self, from: Data(facts.utf8))

    #expect(decoded == measureAcoustics(tone))
    #expect(facts.hasPrefix("{\"brightness\":{\"centroidHz\":"))
    #expect(try AcousticCaptioner().captions(for: [CaptionInput(clip: "c2", waveform: tone)])[0].get()[0] == draft)
  }

  @Test func oneBadClipDoesNotSpoilTheOthers() {
    let results = AcousticCaptioner().captions(for: [
      CaptionInput(clip: "empty", waveform: Waveform(samples: [], sampleRate: 16_000)),
      CaptionInput(clip: "good", waveform: tone),
      CaptionInput(clip: "fast", waveform: Waveform(samples: [0, 0], sampleRate: 44_100)),
    ])

    #expect(results[0] == .failure(.noSamples(clip: "empty")))
    #expect((try? results[1].get()) != nil)
    #expect(results[2] == .failure(.wrongRate(clip: "fast", rate: 44_100)))
  }

  @Test func oneSampleIsEnough() throws {
    let draft = try AcousticCaptioner().captions(for: [
      CaptionInput(clip: "click", waveform: Waveform(samples: [0.5], sampleRate: 16_000))
    ])[0].get()[0]

    #expect(draft.text.hasPrefix("It lasts 0 seconds."))
  }
}
