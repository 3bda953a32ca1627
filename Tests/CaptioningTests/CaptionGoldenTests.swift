import Audio
import Foundation
import Testing

@testable import Captioning

struct CaptionGoldenTests {
  // Web's reader of facts is held to the same file. Run with RECORD=1 after changing a sentence.
  @Test func captionsAreAsRecorded() throws {
    let fixtures = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../Fixtures")
    let file = fixtures.appending(path: "acoustic-captions.txt")
    let captions = Self.measurements.enumerated().map { place, measured in
      acousticSentences(measured, labels: Array(["dog", "Church bells", "rain"].prefix(place % 4))).joined(
        separator: " ")
    }
    let text = captions.joined(separator: "\n") + "\n"

    if ProcessInfo.processInfo.environment["RECORD"] == "1" {
      try text.write(to: file, atomically: true, encoding: .utf8)
    }

    #expect(try String(contentsOf: file, encoding: .utf8) == text)
  }

  /// Every course, contour, character and word for brightness, and some counts of events, each at least once.
  private static var measurements: [AcousticMeasurements] {
    var all: [AcousticMeasurements] = []
    let contours: [AcousticMeasurements.Pitch.Contour?] = AcousticMeasurements.Pitch.Contour.allCases + [nil]
    for course in AcousticMeasurements.Level.Course.allCases {
      for contour in contours {
        for character in AcousticMeasurements.Noisiness.Character.allCases {
          var measured = AcousticMeasurements.plain
          let place = all.count
          measured.seconds = 0.3 + Double(place) * 0.37
          measured.level = .init(
            averageDBFS: -10 - Double(place % 41), peakDBFS: -0.3 * Double(place % 7), course: course,
            changeDB: course == .falling ? -9.6 : 12.4, loudestSeconds: measured.seconds * 0.4)
          measured.events = (0..<place % 15).map {
            .init(start: measured.seconds * Double($0) / 15, end: measured.seconds, peakDBFS: -6)
          }
          measured.silenceShare = Double(place % 10) / 9
          measured.pitch = contour.map { .plain($0) }
          measured.brightness.centroidHz = Double(100 + place * 41)
          measured.noisiness = .init(flatness: Double(place) / 130, character: character)
          measured.tempo = place % 2 == 0 ? nil : .init(beatsPerMinute: Double(60 + place), strength: 0.5)
          all.append(measured)
        }
      }
    }
    return all
  }
}
