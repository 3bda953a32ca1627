import Foundation
import Testing

@testable import Audio

@Suite struct ResamplerTests {
  /// The numbers of soxr 1.1.0 for Python; see Tests/Fixtures/resample.py.
  private struct Recorded: Decodable {
    struct Case: Decodable {
      let rate: Int
      let input: [Float]
      let output: [Float]
    }
    let target: Int
    let cases: [Case]
    let lengths: [[Int]]
  }

  private let recorded: Recorded

  init() throws {
    recorded = try JSONDecoder().decode(Recorded.self, from: Data(bytes(of: fixture("resample.json"))))
  }

  @Test func samplesEqualThoseOfSoxrForPython() throws {
    for item in recorded.cases {
      let output = try Resampler().resample(Waveform(samples: item.input, sampleRate: item.rate), to: recorded.target)

      let largest = zip(output.samples, item.output).map { ($0 - $1).magnitude }.max()!
      #expect(output.samples.count == item.output.count)
      #expect(largest <= 1e-5, "from \(item.rate) Hz the largest difference is \(largest)")
      #expect(output.sampleRate == recorded.target)
    }
  }

  @Test func lengthsEqualThoseOfSoxrForPython() throws {
    for length in recorded.lengths {
      let silence = Waveform(samples: [Float](repeating: 0, count: length[1]), sampleRate: length[0])
      #expect(try Resampler().resample(silence, to: recorded.target).samples.count == length[2], "\(length)")
    }
  }

  @Test func aToneKeepsItsPitchAndLevel() throws {
    let tone = Waveform(samples: (0..<44_100).map { Float(0.5 * sin(0.1 * Double($0))) }, sampleRate: 44_100)

    let output = try Resampler().resample(tone, to: 16_000)

    let step = 0.1 * 44_100 / 16_000
    let largest = (500..<15_500).map { (output.samples[$0] - Float(0.5 * sin(step * Double($0)))).magnitude }.max()!
    #expect(largest < 1e-4)
  }

  @Test func theSameRateChangesNothing() throws {
    let waveform = Waveform(samples: [0.1, -0.7, 0.3], sampleRate: 16_000)

    #expect(try Resampler().resample(waveform, to: 16_000) == waveform)
  }

  @Test func aRateOfZeroIsRefused() {
    #expect(throws: AudioError.resampling(from: 16_000, to: 0, reason: "a rate is above 0")) {
      try Resampler().resample(Waveform(samples: [0], sampleRate: 16_000), to: 0)
    }
  }
}
