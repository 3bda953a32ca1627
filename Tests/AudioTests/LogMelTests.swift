import Foundation
import Tensors
import Testing

@testable import Audio

@Suite struct LogMelTests {
  /// Numbers of transformers' WhisperFeatureExtractor; see Tests/Fixtures/logmel/logmel.py.
  private struct Recorded: Decodable {
    struct Case: Decodable {
      let signal: LogMelSignal
      let bands: Int
      let samples: Int
      let paddedTo: Int
      let valid: Int
      let sum: Double
      let largest: Float
      let smallest: Float
      let frames: [Int]
      let values: [[Float]]
    }
    let cases: [Case]
  }

  @Test func valuesEqualThoseOfWhisperFeatureExtractor() throws {
    let recorded = try JSONDecoder().decode(Recorded.self, from: Data(bytes(of: fixture("logmel/logmel.json"))))
    for item in recorded.cases {
      let name: Comment = "\(item.signal), \(item.samples) samples, \(item.bands) bands"

      let result = LogMel(bands: item.bands)(item.signal.samples(item.samples), paddedTo: item.paddedTo)

      #expect(result.shape == [item.bands, item.paddedTo / 160], name)
      #expect(LogMel.validFrames(samples: item.samples) == item.valid, name)
      let values = result.values
      var largest: Float = 0
      for (row, expected) in item.values.enumerated() {
        for (frame, value) in zip(item.frames, expected) {
          largest = max(largest, abs(values[11 * row * result.columns + frame] - value))
        }
      }
      #expect(largest <= 1e-4, "\(name): the largest difference is \(largest)")
      #expect(abs(values.max()! - item.largest) <= 1e-5, name)
      #expect(abs(values.min()! - item.smallest) <= 1e-4, name)
      let sum = values.reduce(0) { $0 + Double($1) }
      #expect(abs(sum - item.sum) / Double(values.count) <= 1e-6, "\(name): \(sum) is not \(item.sum)")
    }
  }

  @Test(arguments: LogMelSignal.allCases, [80, 128])
  func everyValueEqualsTheDefinition(signal: LogMelSignal, bands: Int) {
    // 9,000 is no multiple of 160; the sound ends before, inside and at the mirrored end.
    for count in [0, 1, 200, 5_777, 8_640, 8_800, 8_999, 9_000] {
      let samples = signal.samples(count)

      let result = LogMel(bands: bands)(samples, paddedTo: 9_000)

      let largest = largestDifference(result, naiveLogMel(samples, bands: bands, paddedTo: 9_000))
      #expect(largest <= 3e-5, "\(count) samples: the largest difference is \(largest)")
    }
  }

  @Test func allWidthsOfVectorsGiveTheSame() {
    let samples = LogMelSignal.bursts.samples(12_000)
    let expected = naiveLogMel(samples, bands: 128, paddedTo: 13_000)
    for width in [128, 256, 512] where width <= LogMelTables.widestVector {
      let result = LogMel(bands: 128, vectorWidth: width)(samples, paddedTo: 13_000)

      #expect(largestDifference(result, expected) <= 3e-5, "\(width) bits")
    }
  }

  @Test func paddingThatIsTooShortForASecondWindowIsMirroredToo() {
    let samples = LogMelSignal.noise.samples(201)

    let result = LogMel(bands: 80)(samples, paddedTo: 201)

    #expect(largestDifference(result, naiveLogMel(samples, bands: 80, paddedTo: 201)) <= 3e-5)
  }

  @Test func fewerFramesAreTheFirstOfAll() {
    // The loudest sound comes last, so that the floor of the first frames depends on what is not returned.
    var samples = LogMelSignal.noise.samples(100_000).map { $0 / 4096 }
    samples.replaceSubrange(60_000..<60_400, with: LogMelSignal.noise.samples(400))
    let logMel = LogMel(bands: 128)
    let whole = logMel(samples, paddedTo: 480_000).values

    for frames in [0, 1, 31, 32, 33, 64, 400, 625, 626, 627, 2999, 3000] {
      let first = logMel(samples, paddedTo: 480_000, frames: frames)

      #expect(first.shape == [128, frames])
      let expected = (0..<128).flatMap { whole[$0 * 3000..<$0 * 3000 + frames] }
      #expect(first.values == expected, "\(frames) frames")
    }
  }

  @Test func silenceIsMinusOneAndAHalf() {
    let logMel = LogMel(bands: 80)

    #expect(logMel([], paddedTo: 480_000).values.allSatisfy { $0 == -1.5 })
    #expect(logMel([Float](repeating: 0, count: 5000), paddedTo: 480_000).values.allSatisfy { $0 == -1.5 })
  }

  @Test func aKilohertzPeaksInItsBand() {
    let samples = (0..<16_000).map { Float(0.5 * sin(2 * .pi * 1000 * Double($0) / 16_000)) }

    let frame = LogMel(bands: 128)(samples, paddedTo: 480_000).values.enumerated().filter { $0.offset % 3000 == 50 }

    let peak = frame.map(\.element).enumerated().max { $0.element < $1.element }!
    // From transformers 5.23.
    #expect(peak.offset == 42)
    #expect(abs(peak.element - 1.474446) < 1e-5)
  }

  @Test func samplesThatAreNotFiniteDoNoHarm() {
    for value in [Float.nan, .infinity, -.infinity, .greatestFiniteMagnitude, .leastNonzeroMagnitude] {
      var samples = LogMelSignal.tone.samples(5000)
      samples[2000] = value

      #expect(LogMel(bands: 128)(samples, paddedTo: 6_000).shape == [128, 37])
    }
  }

  @Test func framesAreCountedByTheirBeginning() {
    #expect([0, 1, 159, 160, 161, 480_000].map { LogMel.validFrames(samples: $0) } == [0, 1, 1, 1, 2, 3000])
  }
}

/// Of all values; both in rows of bands.
func largestDifference(_ result: Tensor, _ expected: [[Double]]) -> Double {
  zip(result.values, expected.joined()).map { abs(Double($0) - $1) }.max() ?? 0
}
