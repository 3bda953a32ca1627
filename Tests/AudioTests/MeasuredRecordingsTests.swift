import Foundation
import Testing

@testable import Audio

/// Held to the labels of the recordings: tempo and course of melodies played from a score, single spoken words.
@Suite(.enabled(if: realData != nil, "set EARSHOT_TEST_DATA to the folder of real recordings"))
struct MeasuredRecordingsTests {
  private struct Recording {
    let label: [String: String]
    let measured: AcousticMeasurements
  }

  /// Every `step`-th recording of the folder's table.
  private func recordings(_ folder: String, every step: Int) throws -> [Recording] {
    let path = "\(realData ?? "")/\(folder)"
    let lines = try String(contentsOfFile: "\(path)/labels.csv", encoding: .utf8).split(whereSeparator: \.isNewline)
    let rows = lines.map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
    return try stride(from: 1, to: rows.count, by: step).map { index in
      let label = Dictionary(uniqueKeysWithValues: zip(rows[0], rows[index]))
      let waveform = try AudioReader.decode(path: "\(path)/\(label["file"] ?? "")", maximumSeconds: 60)
      let measured = measureAcoustics(try Resampler().resample(waveform, to: Waveform.modelRate))
      return Recording(label: label, measured: measured)
    }
  }

  @Test func melodiesHaveTheTempoOfTheirScore() throws {
    let errors = try recordings("music", every: 5).map { recording in
      let truth = try #require(Double(recording.label["tempo_bpm"] ?? ""))
      return recording.measured.tempo.map { abs($0.beatsPerMinute / truth - 1) }
    }

    let share = { (matching: (Double?) -> Bool) in Double(errors.filter(matching).count) / Double(errors.count) }
    // Of all 256, 215 are right, 38 have no tempo (mostly choirs and flutes, whose notes begin too softly), 3 are
    // wrong.
    #expect(share { ($0 ?? 1) < 0.04 } > 0.75)
    #expect(share { ($0 ?? 0) > 0.04 } < 0.05)
  }

  @Test func melodiesGoUpAndDownAsTheirScore() throws {
    let expected = ["ascending": AcousticMeasurements.Pitch.Contour.rising, "descending": .falling]
    let melodies = try recordings("music", every: 5).filter { expected[$0.label["contour"] ?? ""] != nil }

    let right = melodies.filter { $0.measured.pitch?.contour == expected[$0.label["contour"] ?? ""] }
    #expect(Double(right.count) > 0.8 * Double(melodies.count))
  }

  @Test func spokenWordsAreOneEventWithTheVoicesPitch() throws {
    let words = try recordings("digits", every: 5).map(\.measured)

    let share = { (matching: (AcousticMeasurements) -> Bool) in
      Double(words.filter(matching).count) / Double(words.count)
    }
    #expect(share { $0.events.count == 1 } > 0.85)
    #expect(share { $0.events.count > 2 } < 0.02)
    #expect(share { ($0.pitch.map { (70...260).contains($0.medianHz) }) ?? false } > 0.9)
    #expect(share { $0.tempo != nil } < 0.02)
  }
}
