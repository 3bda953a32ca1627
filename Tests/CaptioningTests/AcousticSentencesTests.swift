import Audio
import Testing

@testable import Captioning

struct AcousticSentencesTests {
  @Test func everyFactHasItsSentence() {
    var measured = AcousticMeasurements.plain
    measured.seconds = 2.4
    measured.level = .init(averageDBFS: -21.34, peakDBFS: -3, course: .rising, changeDB: 11.6, loudestSeconds: 2)
    measured.events = [0.1, 0.9, 1.64].map { .init(start: $0, end: $0 + 0.1, peakDBFS: -6) }
    measured.silenceShare = 0.349
    measured.pitch = .plain(.rising)
    measured.brightness.centroidHz = 3_199.6
    measured.tempo = .init(beatsPerMinute: 119.8, strength: 0.7)

    let caption = acousticSentences(measured, labels: ["dog", "siren", "rain"]).joined(separator: "\n")

    #expect(
      caption == """
        The recording is labelled "dog", "siren" and "rain".
        It lasts 2.4 seconds.
        Its average level is -21.3 dBFS and its peak is -3.0 dBFS.
        It grows louder by 12 dB from start to end.
        Three separate sound events are heard, starting at 0.1, 0.9 and 1.6 seconds.
        Silence takes up 35% of it.
        The pitch rises from 220 Hz (A3) to 880 Hz (A5).
        The sound is bright, with a spectral centroid of 3200 Hz.
        It is mostly tonal, with a spectral flatness of 0.02.
        A steady beat runs at about 120 beats per minute.
        """)
  }

  @Test(
    arguments: [
      (0.43, "0.43 seconds"), (0.4, "0.4 seconds"), (0.998, "1 second"), (1, "1 second"), (1.04, "1 second"),
      (1.06, "1.1 seconds"), (2, "2 seconds"), (10.25, "10.3 seconds"), (0, "0 seconds"), (600, "600 seconds"),
    ])
  func durationsAreGoodEnglish(seconds: Double, text: String) {
    #expect(Quantity.duration(seconds) == text)
  }

  @Test(
    arguments: [
      ([0.0], "0 seconds"), ([1.0], "1 second"), ([0.04], "0 seconds"), ([0.5, 1], "0.5 and 1 seconds"),
      ([0.1, 1, 2.25], "0.1, 1 and 2.3 seconds"),
    ])
  func positionsHaveOneDecimal(seconds: [Double], text: String) {
    #expect(Quantity.positions(seconds) == text)
  }

  // Frequencies of equal temperament at A4 = 440 Hz.
  @Test(
    arguments: [
      (440, "440 Hz (A4)"), (261.63, "262 Hz (C4)"), (27.5, "28 Hz (A0)"), (277.18, "277 Hz (C#4)"),
      (246.94, "247 Hz (B3)"), (16.35, "16 Hz (C0)"), (15.43, "15 Hz (B-1)"), (4_186, "4186 Hz (C8)"), (0, "0 Hz"),
    ])
  func pitchesAreNamed(hertz: Double, text: String) {
    #expect(Quantity.pitch(hertz) == text)
  }

  @Test(
    arguments: [
      (-21.34, 1, "-21.3"), (-0.04, 1, "0.0"), (-0.06, 1, "-0.1"), (0.005, 2, "0.01"), (12, 0, "12"),
      (.nan, 1, "0.0"), (1e300, 0, "1000000000"), (0.5, 2, "0.50"),
    ])
  func numbersAreRoundedAndBounded(value: Double, decimals: Int, text: String) {
    #expect(Quantity.fixed(value, decimals: decimals) == text)
  }

  @Test func labelsAreCleaned() {
    let measured = AcousticMeasurements.plain

    let first = acousticSentences(measured, labels: [" dog\n bark ", "dog bark", "", "\"\u{0}\"", "a\"b\u{202E}c"])[0]

    #expect(first == "The recording is labelled \"dog bark\" and \"abc\".")
    #expect(acousticSentences(measured, labels: ["  "])[0] == "It lasts 2 seconds.")
    #expect(acousticSentences(measured, labels: [String(repeating: "x", count: 500)])[0].count == 80 + 29)
  }

  @Test(
    arguments: [
      (0, "No separate sound event stands out."),
      (1, "One sound event is heard, starting at 0.5 seconds."),
      (2, "Two separate sound events are heard, starting at 0.5 and 1 seconds."),
      (13, "13 separate sound events are heard, the first at 0.5 seconds and the last at 6.5 seconds."),
    ])
  func eventsAreCounted(count: Int, sentence: String) {
    var measured = AcousticMeasurements.plain
    measured.events = (0..<count).map { .init(start: 0.5 + 0.5 * Double($0), end: 0.6, peakDBFS: -6) }

    #expect(acousticSentences(measured).contains(sentence))
  }

  @Test func twelveEventsAreInWords() {
    var measured = AcousticMeasurements.plain
    measured.events = (0..<12).map { .init(start: Double($0), end: Double($0), peakDBFS: -6) }

    #expect(
      acousticSentences(measured).contains { $0.hasPrefix("Twelve separate sound events are heard, starting at 0, ") })
  }

  @Test func theSmallestChangeIsOneDecibel() {
    var measured = AcousticMeasurements.plain
    measured.level.course = .falling
    measured.level.changeDB = -0.2

    #expect(acousticSentences(measured).contains("It fades by 1 dB from start to end."))
  }
}
